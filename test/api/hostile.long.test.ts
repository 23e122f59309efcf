/** All of it. */
import './hostile.test.ts';
