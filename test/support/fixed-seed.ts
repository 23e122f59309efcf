/** Properties try the same examples each time, unless they are asked for more than usual. */
import * as fc from 'fast-check';

const isUsual = process.env['PROPERTY_RUNS_FACTOR'] === undefined;

fc.configureGlobal(isUsual ? { seed: 20_260_615 } : {});
