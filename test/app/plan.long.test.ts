/** All of it. */
import './plan.test.ts';
