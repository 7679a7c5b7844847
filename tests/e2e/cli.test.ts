import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportSchema, type PredictResponse, type Report } from '../../src/http/api.js';
import { texturedPicture } from '../support/odd-pictures.js';
import { predicted } from '../support/predicted.js';
import { startServiceProcess } from '../support/service-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { graft, startGraft } from '../support/graft-process.js';

const ONE_BACKBONE = ['--backbone', 'nsfwjs-mobilenet-v2'];
const HUES = { blue: 220, red: 0 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let photos: string;
const path = (...parts: string[]): string => join(folder.path, ...parts);

/** Own pictures: two categories that any network tells apart. */
async function writePhotos(root: string): Promise<void> {
  for (const [category, hue] of Object.entries(HUES)) {
    await mkdir(join(root, category, 'more'), { recursive: true });
    for (let i = 0; i < 14; i++) {
      const file = join(root, category, i < 10 ? `${i}.png` : `more/${i}.png`);
      await writeFile(file, await texturedPicture(hue * 1000 + i + 1, { hue }));
    }
  }
  await writeFile(join(root, 'blue', 'page.jpg'), '<!doctype html><h1>404</h1>');
  await writeFile(join(root, 'blue', 'twin of 0.png'), await readFile(join(root, 'blue', '0.png')));
  await writeFile(join(root, 'blue', '.hidden.png'), 'x');
}

beforeAll(async () => {
  folder = await temporaryFolder();
  photos = path('photos');
  await writePhotos(photos);
});
afterAll(() => folder.remove());

/** What the issue promises of `graft build --json`, written out here on purpose: a change of the schema must not pass unseen. */
const score = { accuracy: expect.any(Number), interval: [expect.any(Number), expect.any(Number)] };
const cost = { trainableParams: expect.any(Number), totalParams: expect.any(Number) };
const coordinates = {
  backbone: expect.any(String),
  tap: expect.any(String),
  head: expect.any(String),
  params: expect.any(Object),
};
const promised = {
  runId: expect.any(String),
  categories: expect.any(Array),
  counts: {
    candidates: expect.any(Number),
    fetched: expect.any(Number),
    kept: expect.any(Number),
    dropped: expect.any(Object),
  },
  split: { train: expect.any(Number), validation: expect.any(Number), test: expect.any(Number) },
  selected: { ...coordinates, validation: score, test: { ...score, count: expect.any(Number) }, cost },
  package: expect.any(String),
};

function checkReport(text: string): Report {
  const json: unknown = JSON.parse(text);
  expect(json).toMatchObject(promised);
  const report = reportSchema.parse(json);
  expect(report.trials.length).toBeGreaterThan(5);
  for (const trial of report.trials) {
    expect(trial).toMatchObject({ ...coordinates, validation: score, cost });
    expect(trial.cost).toHaveProperty('latencyMs');
    expect(trial.cost.flops).toBeGreaterThan(trial.cost.trainableParams);
    expect(trial.validation.interval[0]).toBeLessThanOrEqual(trial.validation.accuracy);
    expect(trial.validation.interval[1]).toBeGreaterThanOrEqual(trial.validation.accuracy);
  }
  const { counts, split } = report;
  const dropped = Object.values(counts.dropped).reduce((sum, count) => sum + count, 0);
  expect(counts.kept + dropped).toBe(counts.candidates);
  expect(split.train + split.validation + split.test).toBe(counts.kept);
  expect(report.selected.test.count).toBe(split.test);
  return report;
}

/** A leaderboard without what is measured by the clock. */
const untimed = ({ trials, selected, split, counts }: Report): unknown =>
  JSON.parse(
    JSON.stringify({ trials, selected, split, counts }, (key, value: unknown) =>
      key === 'latencyMs' || key === 'pareto' ? undefined : value,
    ),
  );

describe('graft build from the sample gallery', () => {
  test('--json prints one document in the promised shape, and --out holds the package', async () => {
    const out = path('gallery-model');
    const { code, stdout, stderr } = await graft([
      ...['build', 'fruit', 'vehicle', '--provider', 'gallery', '--images', '16', '--seed', '3', '--json'],
      ...[...ONE_BACKBONE, '--out', out, '--data-dir', path('gallery-data')],
    ]);
    expect(stderr).toMatch(/^search: done/m);
    expect(code).toBe(0);
    const report = checkReport(stdout);
    expect(report.categories).toEqual(['fruit', 'vehicle']);
    expect(report.package).toBe(out);
    expect(await readdir(out)).toEqual(
      expect.arrayContaining(['manifest.json', 'model.onnx', 'labels.json', 'preprocess.json']),
    );
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('graft build from own pictures', () => {
  let first: Report;
  const build = (...more: string[]) => [
    'build',
    '--from',
    photos,
    '--seed',
    '5',
    ...ONE_BACKBONE,
    '--data-dir',
    path('own-data'),
    ...more,
  ];

  beforeAll(async () => {
    const { code, stdout, stderr } = await graft(build('--json', '--out', path('own-model')));
    expect({ code, stderr }).toMatchObject({ code: 0 });
    first = checkReport(stdout);
  });

  test('counts every file: bad ones and doubles under a reason, nothing else lost', () => {
    expect(first.counts).toEqual({
      candidates: 30,
      fetched: 29,
      kept: 28,
      dropped: { 'not-an-image': 1, 'exact-duplicate': 1 },
    });
    expect(first.selected.test.accuracy).toBeGreaterThanOrEqual(0.8);
  });

  test('the same seed gives the same leaderboard, and people get the report', async () => {
    const { code, stdout } = await graft(build('--fresh'));
    expect(code).toBe(0);
    for (const part of [
      /Leaderboard/,
      /^ *\*◇? +1 /m,
      /Last tap: /,
      /Test accuracy: .* interval .* on \d+ pictures/,
      /exact-duplicate +1/,
      /Split: /,
      /Package: /,
    ]) {
      expect(stdout).toMatch(part);
    }
    expect(stdout).toMatch(/Next:\n {2}npx graft predict --package /);
    const runs = JSON.parse((await graft(['runs', '--json', '--data-dir', path('own-data')])).stdout) as {
      id: string;
    }[];
    expect(runs).toHaveLength(2);
    const again = await graft(['resume', runs[0]?.id ?? '', '--json', '--data-dir', path('own-data')]);
    expect(untimed(checkReport(again.stdout))).toEqual(untimed(first));
  });

  test('predict labels good pictures, reports bad ones, and fails because of them', async () => {
    const [blue, bad, missing] = [path('blue.png'), path('bad.jpg'), path('missing.jpg')];
    await writeFile(blue, await texturedPicture(777, { hue: HUES.blue }));
    await writeFile(bad, 'no picture');
    const { code, stdout } = await graft([
      'predict',
      '--package',
      path('own-model'),
      '--json',
      bad,
      blue,
      missing,
    ]);
    expect(code).toBe(1);
    const answers = JSON.parse(stdout) as { probabilities?: Record<string, number> }[];
    expect(answers).toEqual([
      { file: bad, error: { code: 'not-an-image', message: expect.any(String) } },
      {
        file: blue,
        label: 'blue',
        confidence: expect.any(Number),
        probabilities: { blue: expect.any(Number), red: expect.any(Number) },
        unknown: expect.any(Boolean),
      },
      { file: missing, error: { code: 'ENOENT', message: expect.any(String) } },
    ]);
    expect(Object.values(answers[1]?.probabilities ?? {}).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    const top = await graft(['predict', '--package', path('own-model'), '--top', '1', blue]);
    expect(top).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/blue\.png +blue +\d+\.\d % +blue \d+\.\d %\n$/),
    });
  });

  test('serve --package answers as predict does, and stops in good order', async () => {
    const picture = path('red.png');
    await writeFile(picture, await texturedPicture(778, { hue: HUES.red }));
    const server = startGraft(['serve', '--package', path('own-model'), '--port', '0'], {
      GRAFT_DATA_DIR: path('no-data'),
    });
    const [, url] = await server.printed('stdout', /Listening on (http:\/\/[^;]+);/);
    const body = new Uint8Array(await readFile(picture));
    const response = await fetch(`${url}/api/models/champion/predict`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'image/png' },
    });
    const predictions = predicted((await response.json()) as PredictResponse);
    server.child.kill('SIGTERM');
    expect((await server.ended()).code).toBe(0);
    const { stdout } = await graft(['predict', '--package', path('own-model'), '--json', picture]);
    const [direct] = JSON.parse(stdout) as { label: string; probabilities: Record<string, number> }[];
    expect(predictions[0]?.label).toBe('red');
    for (const [label, share] of Object.entries(direct?.probabilities ?? {})) {
      expect(predictions[0]?.probabilities[label]).toBeCloseTo(share, 4);
    }
    expect(await readdir(folder.path)).not.toContain('no-data');
  });

  test('models lists what was built', async () => {
    const { stdout } = await graft(['models', '--data-dir', path('own-data')]);
    expect(stdout).toMatch(/blue, red +nsfwjs-mobilenet-v2/);
  });
});

describe('Ctrl-C', () => {
  test('stops in good order, and resume goes on with the same run', async () => {
    const dataDir = path('interrupted-data');
    const build = startGraft(['build', '--from', photos, ...ONE_BACKBONE, '--data-dir', dataDir]);
    await build.printed('stderr', /^inspect: done/m);
    build.child.kill('SIGINT');
    const { code, stdout, stderr } = await build.ended();
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    const [, runId] = /npx graft resume (\S+) --data-dir/.exec(stderr) ?? [];
    expect(runId).toBeDefined();
    const resumed = await graft(['resume', '--json', '--data-dir', dataDir]);
    expect(resumed.code).toBe(0);
    expect(checkReport(resumed.stdout).runId).toBe(runId);
    expect(await graft(['resume', '--data-dir', dataDir])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has its model/),
    });
  });
});

describe('a data folder that a service holds', () => {
  test('is worked on through that service, which stays', async () => {
    const dataDir = path('held-data');
    const service = await startServiceProcess(dataDir);
    try {
      const { code, stdout, stderr } = await graft([
        'build',
        '--from',
        photos,
        '--json',
        ...ONE_BACKBONE,
        '--data-dir',
        dataDir,
      ]);
      expect({ code, stderr }).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(`Through the running service at ${service.url}`),
      });
      const { runId } = checkReport(stdout);
      expect((await fetch(`${service.url}/api/runs/${runId}`)).status).toBe(200);
      const doctor = await graft(['doctor', '--json', '--data-dir', dataDir]);
      expect(doctor.code).toBe(0);
      expect(doctor.stdout).toContain(`held by process ${service.process.pid}`);
      expect(await graft(['serve', '--port', '0', '--data-dir', dataDir])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`held by process ${service.process.pid} at ${service.url}`),
      });
    } finally {
      await service.kill('SIGTERM');
    }
  });
});

describe('what cannot work', () => {
  test('without internet a build names provider, host and what to try', async () => {
    const offline = {
      NODE_OPTIONS: `--require ${join(import.meta.dirname, '..', 'fixtures', 'no-internet.cjs')}`,
    };
    const { code, stdout } = await graft(
      ['build', 'cat', 'dog', '--provider', 'openverse', '--json', '--data-dir', path('offline-data')],
      offline,
    );
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout) as {
      error: { code: string; message: string; fix: string; stage: string };
    };
    expect(error.stage).toBe('search');
    expect(error.message).toMatch(/openverse/i);
    expect(error.message).toMatch(/api\.openverse\.org/);
    expect(`${error.message} ${error.fix}`).toMatch(/--provider gallery.*--from DIR/s);
  });

  test.each([
    [['build', 'cat', '--json'], 'bad-categories'],
    [['build', 'cat', 'CAT', '--json'], 'bad-categories'],
    [['build', 'cat', 'dog', '--provider', 'gogle', '--json'], 'unknown-provider'],
    [['build', '--from', '/nowhere', '--json'], 'no-such-folder'],
  ])('%j is refused with one document, exit code 2', async (args, code) => {
    const ended = await graft(args, { GRAFT_DATA_DIR: path('refused-data') });
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toEqual({
      error: { code, message: expect.any(String), fix: expect.any(String), stage: null },
    });
  });

  test('four pictures in all are refused before a data folder is made', async () => {
    for (const category of ['a', 'b']) {
      await mkdir(path('four', category), { recursive: true });
      for (const i of [1, 2]) await writeFile(path('four', category, `${i}.png`), await texturedPicture(i));
    }
    const { code, stderr } = await graft(['build', '--from', path('four'), '--data-dir', path('four-data')]);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/a has 2, b has 2.*At least 5/),
    });
    expect(await readdir(folder.path)).not.toContain('four-data');
  });
});

test('zoo list names the backbones, doctor finds nothing essential broken', async () => {
  const zoo = JSON.parse((await graft(['zoo', 'list', '--json'])).stdout) as {
    id: string;
    licence: string;
  }[];
  expect(zoo.map(({ id }) => id)).toContain('nsfwjs-mobilenet-v2');
  const { code, stdout } = await graft(['doctor', '--json', '--data-dir', path('doctor-data')]);
  expect(code).toBe(0);
  const { ok, checks } = JSON.parse(stdout) as {
    ok: boolean;
    checks: { id: string; status: string; fix: string | null }[];
  };
  expect(ok).toBe(true);
  expect(checks.filter(({ status, fix }) => status !== 'ok' && !fix)).toEqual([]);
  expect(new Set(checks.map(({ id }) => id)).size).toBeGreaterThanOrEqual(8);
});

test('a reader that closes the pipe early is no error', async () => {
  const list = startGraft(['zoo', 'list', '--json']);
  list.child.stdout?.destroy();
  expect((await list.ended()).stderr).not.toMatch(/EPIPE/);
});
