/** All of it. */
import './resume.test.ts';
