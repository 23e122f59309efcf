/** 500 of them. */
import './pushes.test.ts';
