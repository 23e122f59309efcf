/** With every cell. */
import './full-disk.test.ts';
