/** With 10,000 histories. */
import './returners.test.ts';
