/** All of it. */
import './git-base.test.ts';
