import './lock.test.ts';
