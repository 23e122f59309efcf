/** With every step and moment. */
import './access.test.ts';
