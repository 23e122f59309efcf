/** With more worlds. */
import './unusable.test.ts';
