/** With every cell. */
import './ending.test.ts';
