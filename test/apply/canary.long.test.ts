/** All of it. */
import './canary.test.ts';
