/** With every cell. */
import './person-formats.test.ts';
