/** All of it. */
import './secret-store.test.ts';
