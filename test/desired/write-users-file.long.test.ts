/** With more files. */
import './write-users-file.test.ts';
