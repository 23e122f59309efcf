/** With every cell. */
import './plan-properties.test.ts';
