/** With every cell. */
import './refusals.test.ts';
