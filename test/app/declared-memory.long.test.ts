/** All of it. */
import './declared-memory.test.ts';
