/** With every cell. */
import './undo.test.ts';
