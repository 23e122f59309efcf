/** With every cell. */
import './tracing.test.ts';
