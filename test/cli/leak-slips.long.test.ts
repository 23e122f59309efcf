/** With every cell. */
import './leak-slips.test.ts';
