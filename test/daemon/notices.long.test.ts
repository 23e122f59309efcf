/** All of it. */
import './notices.test.ts';
