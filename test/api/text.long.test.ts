/** With more texts. */
import './text.test.ts';
