/** With every cell. */
import './base.test.ts';
