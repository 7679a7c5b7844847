import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Env } from '../../../src/config/env.js';
import { ClaimsRepository } from '../../../src/runs/claims.repository.js';
import { Shares, type SharedWork } from '../../../src/runs/shares.js';
import { openDatabase, type Database } from '../../../src/storage/database.js';
import type { Instance } from '../../../src/storage/tokens.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** No claim of these tests runs out by itself. */
const env = { leaseMs: 3_600_000 } as Env;
const never = new AbortController().signal;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: Database;
beforeAll(async () => {
  folder = await temporaryFolder();
  database = await openDatabase({ dataDir: folder.path, databaseUrl: null });
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});

function workerOf(id: string): { claims: ClaimsRepository; shares: Shares } {
  const instance: Instance = { id, exclusive: false };
  const claims = new ClaimsRepository(database, instance, env);
  return { claims, shares: new Shares(claims, instance, env) };
}

/** Work that is done once each share was worked on. */
function workOf(scope: string, items: readonly string[]): SharedWork & { done: string[] } {
  const done: string[] = [];
  return {
    scope,
    atOnce: 4,
    done,
    open: () => Promise.resolve(items.filter((item) => !done.includes(item))),
    work: (item) => Promise.resolve(void done.push(item)),
  };
}

it('takes up a share whose claim it has without knowing: the answer was cut off, or giving it back failed', async () => {
  const { claims, shares } = workerOf('one');
  expect(await claims.take({ scope: 'lost answer', item: 'a' })).toBe(true);
  const work = workOf('lost answer', ['a', 'b']);
  await shares.lead(work, never);
  expect(work.done.sort()).toEqual(['a', 'b']);
});

it('keeps alive only what it has in hand: a claim it does not know of runs out', async () => {
  const { claims } = workerOf('two');
  const held = { scope: 'renewed', item: 'held' };
  const forgotten = { scope: 'renewed', item: 'forgotten' };
  for (const claim of [held, forgotten]) await claims.take(claim);
  await database.executeSql(`update claims set until = now() - interval '1 minute' where scope = 'renewed'`);
  await claims.renew([held]);
  const other = workerOf('three').claims;
  expect(await other.take(held)).toBe(false);
  expect(await other.take(forgotten)).toBe(true);
});

it('works on no share twice at a time, however many of its stages ask for it', async () => {
  const { shares } = workerOf('four');
  const work = workOf('contended', ['a']);
  let now = 0;
  let most = 0;
  const slow: SharedWork = {
    ...work,
    work: async (item) => {
      most = Math.max(most, ++now);
      await database.executeSql('select 1');
      now--;
      await work.work(item);
    },
  };
  await Promise.all([shares.lead(slow, never), shares.help(slow, never), shares.help(slow, never)]);
  expect([most, work.done]).toEqual([1, ['a']]);
});
