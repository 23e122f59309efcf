/** All of it. */
import './reload.test.ts';
