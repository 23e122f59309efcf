/** All of it. */
import './refused-token.test.ts';
