import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type {
  FeatureExtractor,
  FeatureSource,
  FeatureTarget,
  InstalledBackbone,
} from '../../../../zoo/index.js';
import { extractFeatures, openExtractor, openFeatureFolder, prepareImage } from '../../../../zoo/index.js';
import { installSmall, temporaryFolder } from '../backbones/installed.js';
import { quadrants } from '../preprocess/pictures.js';

let installed: InstalledBackbone;

beforeAll(async () => {
  installed = await installSmall();
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Counted extends FeatureSource {
  readonly bytes: Buffer;
  reads: number;
}

function counted(bytes: Buffer): Counted {
  const source: Counted = {
    bytes,
    sha256: sha256(bytes),
    reads: 0,
    read: () => {
      source.reads += 1;
      return Promise.resolve(bytes);
    },
  };
  return source;
}

const makeImages = (count: number): Promise<Counted[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, i) =>
      counted(
        await quadrants(40 + i, 30 + 2 * i)
          .png()
          .toBuffer(),
      ),
    ),
  );

async function makeTargets(root: string, tapLists: readonly (readonly string[])[]): Promise<FeatureTarget[]> {
  return Promise.all(
    tapLists.map(async (taps) => {
      const extractor = await openExtractor(installed, { taps });
      return {
        card: installed.card,
        extractor,
        shelf: await openFeatureFolder(root, installed, extractor.taps),
      };
    }),
  );
}

const closeAll = (targets: readonly { extractor: FeatureExtractor }[]): Promise<void[]> =>
  Promise.all(targets.map((target) => target.extractor.close()));

describe('extractFeatures', () => {
  it('reads each picture once for all backbones and never again', async () => {
    const root = await temporaryFolder();
    const images = await makeImages(5);
    const targets = await makeTargets(root, [['block-01'], ['block-02', 'wide-03']]);
    const seen: number[] = [];
    const request = {
      images: [...images, images[0] as Counted],
      targets,
      chunkSize: 2,
      onProgress: ({ done, total }: { done: number; total: number }) => seen.push(done / total),
    };
    expect(await extractFeatures(request)).toEqual([]);
    expect(images.map((image) => image.reads)).toEqual([1, 1, 1, 1, 1]);
    expect(seen).toEqual([0, 0.4, 0.8, 1]);
    await extractFeatures(request);
    expect(images.map((image) => image.reads)).toEqual([1, 1, 1, 1, 1]);
    const kept = await targets[0]?.shelf.read('block-01', [images[3]?.sha256 ?? '']);
    const prepared = await prepareImage(images[3]?.bytes ?? Buffer.alloc(0), installed.card.input);
    expect(kept).toEqual((await targets[0]?.extractor.run([prepared]))?.[0]);
    await closeAll(targets);
  });

  it('reports pictures that cannot be decoded and loses nothing else', async () => {
    const images = await makeImages(3);
    const broken = counted(Buffer.from('<html>'));
    const targets = await makeTargets(await temporaryFolder(), [['block-01']]);
    const failed = await extractFeatures({
      images: [images[0] as Counted, broken, ...images.slice(1)],
      targets,
    });
    expect(failed).toMatchObject([{ sha256: broken.sha256, error: { reason: 'not-an-image' } }]);
    expect(targets[0]?.shelf.missing(images.map((image) => image.sha256))).toEqual([]);
    await closeAll(targets);
  });

  it('goes on where it was stopped', async () => {
    const root = await temporaryFolder();
    const images = await makeImages(6);
    const first = await makeTargets(root, [['block-01']]);
    const stop = new AbortController();
    const stopped = extractFeatures({
      images,
      targets: first,
      chunkSize: 2,
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done >= 2) stop.abort(new Error('stopped'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    const second = await makeTargets(root, [['block-01']]);
    const missing = second[0]?.shelf.missing(images.map((image) => image.sha256)) ?? [];
    expect(missing).toEqual(images.slice(2).map((image) => image.sha256));
    await extractFeatures({ images, targets: second });
    expect(second[0]?.shelf.missing(images.map((image) => image.sha256))).toEqual([]);
    await closeAll([...first, ...second]);
  });

  it('ends when it is late, and what was done by then stays', async () => {
    const images = await makeImages(5);
    const targets = await makeTargets(await temporaryFolder(), [['block-01']]);
    let asked = 0;
    await extractFeatures({ images, targets, chunkSize: 2, isLate: () => (asked += 1) > 2 });
    const hashes = images.map((image) => image.sha256);
    expect(targets[0]?.shelf.missing(hashes)).toEqual(hashes.slice(4));
    await extractFeatures({ images, targets, chunkSize: 2 });
    expect(targets[0]?.shelf.missing(hashes)).toEqual([]);
    await closeAll(targets);
  });

  it('passes on what is wrong with the source itself', async () => {
    const targets = await makeTargets(await temporaryFolder(), [['block-01']]);
    const source = { sha256: 'a'.repeat(64), read: () => Promise.reject(new Error('disk')) };
    await expect(extractFeatures({ images: [source], targets })).rejects.toThrow('disk');
    await closeAll(targets);
  });
});
