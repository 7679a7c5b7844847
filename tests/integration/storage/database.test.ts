import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { createJobQueue } from '../../../src/jobs/queue.js';
import { openDatabase, type Database } from '../../../src/storage/database.js';
import { projects } from '../../../src/storage/schema.js';
import { postgresUrl, temporaryDatabase } from '../../support/postgres.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Opener = () => Promise<{ open(): Promise<Database>; remove(): Promise<void> }>;

const pglite: Opener = async () => {
  const folder = await temporaryFolder();
  return { open: () => openDatabase({ dataDir: folder.path, databaseUrl: null }), remove: folder.remove };
};

const postgres: Opener = async () => {
  const { url, remove } = await temporaryDatabase();
  return { open: () => openDatabase({ dataDir: '/nowhere', databaseUrl: url }), remove };
};

const server = await postgresUrl();
if (!server)
  console.warn('\n*** No PostgreSQL server binaries here: the same tests run on PGlite only. ***\n');

describe.each([
  { name: 'PGlite', opener: pglite, present: true },
  { name: 'PostgreSQL', opener: postgres, present: server !== null },
])('the database on $name', ({ opener, present }) => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
  });

  it.runIf(present)('keeps what was written over a restart, and migrates only once', async () => {
    const place = await opener();
    cleanups.push(place.remove);
    const first = await place.open();
    const [row] = await first.db.insert(projects).values({ name: 'kept' }).returning();
    await first.close();
    const second = await place.open();
    cleanups.push(() => second.close());
    const [found] = await second.db
      .select()
      .from(projects)
      .where(eq(projects.id, row?.id ?? ''));
    expect(found?.name).toBe('kept');
  });

  it.runIf(present)(
    'goes on after a script that fails inside its transaction, whoever asks next',
    async () => {
      const place = await opener();
      cleanups.push(place.remove);
      const database = await place.open();
      cleanups.push(() => database.close());
      const script = `begin; insert into projects (name) values ('half'); select 1 / 0; commit;`;
      const next: Promise<unknown>[] = [database.db.select().from(projects), database.executeSql('select 1')];
      const failing = database.executeSql(script);
      next.push(
        database.executeSql('select 2'),
        database.db.transaction((tx) => tx.select().from(projects)),
      );
      await expect(failing).rejects.toThrow(/division by zero/);
      await expect(Promise.all(next)).resolves.toHaveLength(4);
      expect(await database.db.select().from(projects)).toEqual([]);
    },
  );

  it.runIf(present)('rolls a failed transaction back as a whole', async () => {
    const place = await opener();
    cleanups.push(place.remove);
    const database = await place.open();
    cleanups.push(() => database.close());
    const failing = database.db.transaction(async (tx) => {
      await tx.insert(projects).values({ name: 'half' });
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await database.db.select().from(projects)).toEqual([]);
  });

  it.runIf(present)('leaves jobs to other processes when there is nothing to do for it here', async () => {
    const place = await opener();
    cleanups.push(place.remove);
    const database = await place.open();
    cleanups.push(() => database.close());
    const [busy, free] = [0, 1].map(() => createJobQueue(database, () => undefined));
    if (!busy || !free) throw new Error('two queues');
    busy.handle(() => Promise.resolve('idle'));
    const reached = new Promise<void>((resolve) => free.handle(() => Promise.resolve(resolve())));
    for (const queue of [busy, free]) {
      await queue.start(['fetch']);
      cleanups.push(() => queue.stop());
    }
    for (let n = 0; n < 16; n++) await busy.send('fetch', { runId: 'a', kind: 'help', place: n });
    await reached;
  });

  it.runIf(present)('carries the job queue: a job sent is done once, with its data', async () => {
    const place = await opener();
    cleanups.push(place.remove);
    const database = await place.open();
    cleanups.push(() => database.close());
    const errors: Error[] = [];
    const queue = createJobQueue(database, (error) => errors.push(error));
    const done: string[] = [];
    const three = new Promise<void>((resolve) => {
      queue.handle((name, { runId }) => {
        done.push(`${name} ${runId}`);
        if (done.length === 3) resolve();
        return Promise.resolve();
      });
    });
    await queue.start();
    cleanups.push(() => queue.stop());
    await queue.send('fetch', { runId: 'a', kind: 'lead' });
    await queue.send('trials', { runId: 'a', kind: 'lead' });
    await queue.send('fetch', { runId: 'b', kind: 'lead' });
    await three;
    expect([...done].sort()).toEqual(['fetch a', 'fetch b', 'trials a']);
    expect(errors).toEqual([]);
  });

  it.runIf(present)(
    'leaves the jobs of queues it does not work on to others, and keeps one of each',
    async () => {
      const place = await opener();
      cleanups.push(place.remove);
      const database = await place.open();
      cleanups.push(() => database.close());
      const queue = createJobQueue(database, () => undefined);
      const done: string[] = [];
      const worked = new Promise<void>((resolve) => {
        queue.handle((name, { runId }) => {
          done.push(`${name} ${runId}`);
          if (runId === 'last') resolve();
          return Promise.resolve();
        });
      });
      await queue.start(['inspect']);
      cleanups.push(() => queue.stop());
      for (let i = 0; i < 3; i++) await queue.send('fetch', { runId: 'a', kind: 'lead' });
      await queue.send('inspect', { runId: 'last', kind: 'lead' }, -1);
      await worked;
      expect(done).toEqual(['inspect last']);
      const { rows } = await database.executeSql("select name from pgboss.job where name = 'fetch'");
      expect(rows).toHaveLength(1);
    },
  );

  it.runIf(present)('refuses to start a queue with a job nobody handles', async () => {
    const place = await opener();
    cleanups.push(place.remove);
    const database = await place.open();
    cleanups.push(() => database.close());
    const queue = createJobQueue(database, () => undefined);
    cleanups.push(() => queue.stop());
    await expect(queue.start()).rejects.toThrow(/has no handler/);
  });
});
