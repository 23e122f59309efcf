/** With every cell. */
import './storms.test.ts';
