/** With every cell. */
import './audit.test.ts';
