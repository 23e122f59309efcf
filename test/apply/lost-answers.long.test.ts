/** With every cell. */
import './lost-answers.test.ts';
