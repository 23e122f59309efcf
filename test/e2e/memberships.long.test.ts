/** With 200 people. */
import './memberships.test.ts';
