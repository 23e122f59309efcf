/** 90 of them. */
import './drift-days.test.ts';
