import './refused-records.test.ts';
