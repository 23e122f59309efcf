/** With every person. */
import './failing-people.test.ts';
