/** Every attack on reports, in every format of an audit. */
import './audit-formats.test.ts';
