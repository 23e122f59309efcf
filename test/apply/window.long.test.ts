/** With every cell. */
import './window.test.ts';
