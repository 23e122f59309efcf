/** With many people. */
import './ordinary-work.test.ts';
