/** With every cell. */
import './examples.test.ts';
