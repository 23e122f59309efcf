/** With every cell. */
import './against-sandbox.test.ts';
