/** With every cell. */
import './lease.test.ts';
