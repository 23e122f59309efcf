/** With every cell. */
import './identity-matrix.test.ts';
