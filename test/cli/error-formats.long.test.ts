/** With every cell. */
import './error-formats.test.ts';
