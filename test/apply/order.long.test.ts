/** All of it. */
import './order.test.ts';
