import './token-requests.test.ts';
