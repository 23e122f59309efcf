/** With every cell. */
import './interrupted.test.ts';
