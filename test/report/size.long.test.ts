/** Twenty thousand changes. */
import { testSizes } from './size-suite.ts';

testSizes(20_000);
