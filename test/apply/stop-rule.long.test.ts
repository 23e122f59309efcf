/** All of it. */
import './stop-rule.test.ts';
