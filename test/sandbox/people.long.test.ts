/** With as many people as a large server has. */
import './people.test.ts';
