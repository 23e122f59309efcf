/** Every row. */
import './errors.test.ts';
