/** With every cell. */
import './read-faults.test.ts';
