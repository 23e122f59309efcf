import './quiet.test.ts';
