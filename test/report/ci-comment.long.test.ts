/** With every cell. */
import './ci-comment.test.ts';
