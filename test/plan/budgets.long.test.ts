/** With every cell. */
import './budgets.test.ts';
