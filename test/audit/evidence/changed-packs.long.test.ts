/** With 100,000 changes. */
import './changed-packs.test.ts';
