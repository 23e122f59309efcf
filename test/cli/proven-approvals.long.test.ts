import './proven-approvals.test.ts';
