import { runFaults, type FaultSuite } from './faults/suite.js';

/** GRAFT_FAULTS and GRAFT_FAULTS_SEED set others. */
const FAULTS = Number(process.env.GRAFT_FAULTS ?? 200);
const SEED = process.env.GRAFT_FAULTS_SEED ?? 'faults';

/** Service, workers, PostgreSQL and object storage under faults: nothing lost, nothing doubled, the same model. About ten minutes. */
export const run = (): Promise<FaultSuite> => runFaults(FAULTS, SEED);
