/** With every cell. */
import './fleet.test.ts';
