/** With every cell. */
import './leak.test.ts';
