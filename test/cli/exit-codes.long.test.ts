import './exit-codes.test.ts';
