/** With every cell. */
import './reader-gone.test.ts';
