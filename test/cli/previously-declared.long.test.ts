/** With every cell. */
import './previously-declared.test.ts';
