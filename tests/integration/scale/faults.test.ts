import { beforeAll, describe, expect, it } from 'vitest';
import { runFaults, type FaultSuite } from '../../../bench/faults/suite.js';
import { postgresUrl } from '../../support/postgres.js';

const FAULTS = 13; // each kind once, where all are possible
const present = (await postgresUrl()) !== null;
if (!present) console.warn('SKIPPED: no PostgreSQL here; on Debian: apt-get install postgresql');

/** A slice of `npm run bench -- faults`, which injects two hundred. */
describe.runIf(present)('runs whose service, workers, database, storage and disks fail', () => {
  let suite: FaultSuite;
  beforeAll(async () => {
    suite = await runFaults(FAULTS, 'slice');
    for (const name of suite.notPossibleHere) console.warn(`SKIPPED: "${name}" takes a mount of its own`);
  }, 300_000);

  it('lose nothing', () => expect(suite.lost).toEqual([]));
  it('have nothing twice', () => expect(suite.doubled).toEqual([]));
  it('end with the model of an undisturbed run', () => expect(suite.different).toEqual([]));
  it('were met by faults', () => expect(suite.table.length).toBeGreaterThan(3));
});
