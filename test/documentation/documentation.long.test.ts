/** With every page. */
import './documentation.test.ts';
