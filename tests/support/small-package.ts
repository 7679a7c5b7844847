import { join } from 'node:path';
import {
  createRng,
  getBackbone,
  installBackbone,
  tapIds,
  withGem,
  writePackage,
  type PackageManifest,
  type PackageParts,
} from '../../zoo/index.js';
import { projectRoot } from '../../src/config/version.js';

export interface SmallPackage {
  readonly labels?: readonly string[];
  readonly tap?: string;
  /** Width of a hidden layer; without it the head is linear. */
  readonly hidden?: number;
  readonly runId?: string;
  /** Of the weights of the head: another seed gives another model. */
  readonly seed?: number;
  readonly unknownBelow?: number | null;
  readonly backbone?: string;
}

const score = { accuracy: 0.9, interval: [0.8, 0.95] as [number, number], count: 20 };

/** What a package with a head of random weights is made of: a real network, that nobody had to train. */
export async function smallParts(options: SmallPackage = {}): Promise<PackageParts> {
  const { labels = ['cat', 'dog', 'fox'], tap: tapId = 'block-04', hidden, seed = 1 } = options;
  const card = getBackbone(options.backbone ?? 'nsfwjs-mobilenet-v2');
  const installed = await installBackbone(card, join(projectRoot(), '.graft', 'test-cache'));
  const known = withGem(installed.taps);
  const taps = tapIds(tapId).flatMap((id) => known.find((tap) => tap.id === id) ?? []);
  if (taps.length !== tapIds(tapId).length)
    throw new Error(`${card.id} has no tap ${tapId}: ${installed.taps.map(({ id }) => id).join(' ')}`);
  const rng = createRng(`small/${seed}`);
  const random = (length: number): Float32Array => Float32Array.from({ length }, () => rng.normal());
  const channels = taps.reduce((sum, tap) => sum + tap.channels, 0);
  const sizes = [channels, ...(hidden === undefined ? [] : [hidden]), labels.length];
  const head = sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i] ?? 0;
    const activation = i === sizes.length - 2 ? ('none' as const) : ('relu' as const);
    return { weights: random(inputs * outputs), bias: random(outputs), inputs, outputs, activation };
  });
  const standardise = {
    mean: random(channels).map((value) => value * 0.1),
    std: random(channels).map((value) => 0.5 + Math.abs(value)),
  };
  return {
    ...{ installed, taps, standardise, head, temperature: 3, labels },
    graftVersion: '0.0.0-test',
    runId: options.runId ?? 'run-1',
    createdAt: '2026-01-02T03:04:05.000Z',
    seed,
    golden: [],
    dataset: 'd'.repeat(64),
    unknownBelow: options.unknownBelow ?? null,
    selected: {
      ...{ backbone: card.id, tap: tapId, head: hidden === undefined ? 'ridge' : 'mlp', params: {} },
      ...{ validation: score, test: score },
      cost: { trainableParams: 10, totalParams: 1000, latencyMs: null, flops: 6e8, bytes: 9e6 },
    },
    pictures: Object.fromEntries(labels.map((label) => [label, 10])),
  };
}

/** Writes a package with a head of random weights. */
export async function makePackage(folder: string, options: SmallPackage = {}): Promise<PackageManifest> {
  return writePackage(folder, await smallParts(options), () => Promise.resolve());
}
