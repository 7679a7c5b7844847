import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRng, installBackbone, loadZoo, openExtractor, openSession } from '../../../zoo/index.js';
import { startWeightsServer } from '../../support/weights-server.js';
import { temporaryFolder } from '../../unit/zoo/backbones/installed.js';

const root = path.resolve(import.meta.dirname, '../../../../shared/zoo-mirror');
const present = existsSync(path.join(root, 'zoo.json'));
if (!present)
  console.warn(`SKIPPED: no real networks were fetched from a mirror, because ${root} is not there.`);

interface Entry {
  readonly id: string;
  readonly file: string;
  readonly features: { readonly output: string };
  readonly taps: readonly {
    readonly tensor: string;
    readonly output: string;
    readonly shape: readonly number[];
  }[];
}

describe.skipIf(!present)('real networks behind a mirror (../shared/zoo-mirror)', () => {
  it('are fetched, cut at the places their publisher names and more, and give what their own outputs give', async () => {
    const entries = JSON.parse(await readFile(path.join(root, 'zoo.json'), 'utf8')) as Entry[];
    const server = await startWeightsServer();
    for (const file of ['zoo.json', ...entries.map((entry) => entry.file)]) {
      server.special.set(`/${file}`, (_request, response) => {
        createReadStream(path.join(root, file)).pipe(response);
      });
    }
    const cacheDir = await temporaryFolder();
    const zoo = await loadZoo({ cacheDir, mirror: server.base });
    expect(await zoo.defaults()).toEqual(expect.arrayContaining(entries.map(({ id }) => id)));
    for (const entry of entries) await checkOne(entry, zoo.get(entry.id), cacheDir);
  });
});

/** Taps found at tensors that the network gives out itself, pooled, must hold the same numbers. */
async function checkOne(
  entry: Entry,
  card: Parameters<typeof installBackbone>[0],
  cacheDir: string,
): Promise<void> {
  const installed = await installBackbone(card, cacheDir);
  const named = new Map(entry.taps.map(({ tensor, output }) => [tensor, output]));
  const shared = installed.taps.filter(({ tensor }) => named.has(tensor));
  expect(shared.length, entry.id).toBeGreaterThan(0);
  expect(installed.taps.length, entry.id).toBeGreaterThan(entry.taps.length);
  const { width, height, mean, std, scale } = card.input;
  const rng = createRng(entry.id);
  const picture = Uint8Array.from({ length: width * height * 3 }, () => rng.int(256));
  const extractor = await openExtractor(installed, { taps: shared.map(({ id }) => id) });
  const matrices = await extractor.run([picture]);
  await extractor.close();
  const planes = new Float32Array(picture.length);
  picture.forEach((value, at) => {
    const channel = at % 3;
    planes[channel * width * height + Math.floor(at / 3)] =
      (value * scale - (mean[channel] ?? 0)) / (std[channel] ?? 1);
  });
  const session = await openSession(path.join(root, entry.file));
  const outputs = await session.run({
    input: { type: 'float32', dims: [1, 3, height, width], data: planes },
  });
  await session.close();
  shared.forEach(({ tensor, id }, i) => {
    const wanted = outputs[named.get(tensor) ?? '']?.data as Float32Array;
    const got = matrices[i]?.data ?? new Float32Array();
    const largest = wanted.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
    const worst = wanted.reduce((top, value, at) => Math.max(top, Math.abs(value - (got[at] ?? NaN))), 0);
    expect(worst / largest, `${entry.id} ${id}`).toBeLessThan(1e-4);
  });
}
