/** With many more orders. */
import './pages.test.ts';
