/** All of it. */
import './tokens.test.ts';
