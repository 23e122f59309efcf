/** With every cell. */
import './hostile-files.test.ts';
