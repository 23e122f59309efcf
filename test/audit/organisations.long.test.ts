/** With 1,000 organisations. */
import './organisations.test.ts';
