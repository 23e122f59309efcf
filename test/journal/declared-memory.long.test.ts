/** With as many people as a large server has. */
import './declared-memory.test.ts';
