import './audit-person.test.ts';
