/** With every case. */
import './leak-reconcile.test.ts';
