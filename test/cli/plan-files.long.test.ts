/** With as many people as a large server has. */
import './plan-files.test.ts';
