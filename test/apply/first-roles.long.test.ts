/** All of it. */
import './first-roles.test.ts';
