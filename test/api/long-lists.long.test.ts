import './long-lists.test.ts';
