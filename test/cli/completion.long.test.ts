/** With every cell. */
import './completion.test.ts';
