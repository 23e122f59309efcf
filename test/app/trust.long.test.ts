/** With every cell. */
import './trust.test.ts';
