/** With every cell. */
import './preconditions.test.ts';
