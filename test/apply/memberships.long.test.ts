/** With many people and every loss. */
import './memberships.test.ts';
