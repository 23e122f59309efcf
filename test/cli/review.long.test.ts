import './review.test.ts';
