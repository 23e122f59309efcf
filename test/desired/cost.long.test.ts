/** With every cell. */
import './cost.test.ts';
