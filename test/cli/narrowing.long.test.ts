/** With every cell. */
import './narrowing.test.ts';
