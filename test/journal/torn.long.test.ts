/** With every cell. */
import './torn.test.ts';
