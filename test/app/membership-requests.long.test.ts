/** With 100,000 people, and 10,000 joins. */
import './membership-requests.test.ts';
