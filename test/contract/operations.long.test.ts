/** Every case of every operation. */
import './operations.test.ts';
