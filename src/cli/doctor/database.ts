import { duration } from '../render/format.js';
import { essential, ok, type Check } from './check.js';

const database: Check = {
  id: 'database',
  title: 'Database',
  onFailure: essential,
  run: async ({ databaseUrl }) => {
    const { databaseVersion } = await import('../../storage/database-version.js');
    const startedAtMs = performance.now();
    const version = await databaseVersion(databaseUrl);
    return ok(`${version}, answered in ${duration(performance.now() - startedAtMs)}`);
  },
};

export const databaseChecks: readonly Check[] = [database];
