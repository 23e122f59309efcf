import './rotation-of-administrators.test.ts';
