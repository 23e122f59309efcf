/** With every cell. */
import './formats.test.ts';
