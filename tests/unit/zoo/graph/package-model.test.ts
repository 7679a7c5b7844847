import { beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../../../zoo/graph/model-file.js';
import { EMBEDDING_OUTPUT } from '../../../../zoo/graph/package-model.js';
import type { InstalledBackbone, PackagedModelParts, Tap } from '../../../../zoo/index.js';
import {
  buildPackagedModel,
  createRng,
  GraphError,
  openExtractor,
  openSession,
} from '../../../../zoo/index.js';
import { installSmall } from '../backbones/installed.js';

let installed: InstalledBackbone;

beforeAll(async () => {
  installed = await installSmall();
});

const LABELS = ['cat', 'dog', 'fox'];

const tapOf = (id: string): Tap => installed.taps.find((tap) => tap.id === id) as Tap;

function parts(tap: Tap, hidden: number | null): PackagedModelParts {
  const rng = createRng(`parts/${tap.id}`);
  const random = (length: number): Float32Array => Float32Array.from({ length }, () => rng.normal() * 0.1);
  const sizes = hidden === null ? [tap.channels, 3] : [tap.channels, hidden, 3];
  const head = sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i] ?? 0;
    const activation = i === sizes.length - 2 ? ('none' as const) : ('relu' as const);
    return { weights: random(inputs * outputs), bias: random(outputs), inputs, outputs, activation };
  });
  const standardise = {
    mean: random(tap.channels),
    std: random(tap.channels).map((value) => 0.05 + Math.abs(value)),
  };
  return {
    installed,
    taps: [tap],
    standardise,
    head,
    temperature: 1.7,
    labels: LABELS,
    metadata: { seed: '7' },
  };
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** The head by hand, in double precision. */
function predict(
  features: readonly number[],
  { standardise, head, temperature }: PackagedModelParts,
): number[] {
  let x = features.map((value, i) => (value - (standardise.mean[i] ?? 0)) / (standardise.std[i] ?? 1));
  for (const { weights, bias, outputs, activation } of head) {
    x = Array.from(bias, (start, o) =>
      x.reduce((sum, value, i) => sum + value * (weights[i * outputs + o] ?? 0), start),
    );
    if (activation === 'relu') x = x.map((value) => Math.max(0, value));
  }
  return softmax(x.map((logit) => logit / temperature));
}

const SIZE = 224 * 224 * 3;
const image = (): Uint8Array => Uint8Array.from({ length: SIZE }, (_, i) => (i * 31) % 256);

describe('buildPackagedModel', () => {
  it.each([
    ['block-06', null],
    ['wide-12', null],
    ['block-19', 16],
  ])('predicts what features and head give by hand (%s, hidden %s)', async (id, hidden) => {
    const tap = tapOf(id);
    const whole = parts(tap, hidden);
    const extractor = await openExtractor(installed, { taps: [id] });
    const [features] = await extractor.run([image()]);
    await extractor.close();
    const session = await openSession(buildPackagedModel(whole));
    const data = new Uint8Array(2 * SIZE);
    data.set(image(), SIZE);
    const outputs = await session.run({ image: { type: 'uint8', dims: [2, 224, 224, 3], data } });
    const { probabilities, [EMBEDDING_OUTPUT]: embedding } = outputs;
    await session.close();
    const { mean, std } = whole.standardise;
    expect(embedding?.dims).toEqual([2, tap.channels]);
    features?.data.forEach((value, c) => {
      const standard = (value - (mean[c] ?? 0)) / (std[c] ?? 1);
      expect(Number(embedding?.data[tap.channels + c])).toBeCloseTo(standard, 3);
    });
    expect(probabilities?.dims).toEqual([2, 3]);
    const expected = predict([...(features?.data ?? [])], whole);
    expected.forEach((value, c) =>
      expect(Math.abs(value - Number(probabilities?.data[3 + c]))).toBeLessThan(1e-5),
    );
  });

  it('reads several taps side by side, features by hand (block-04, wide-12, block-19)', async () => {
    const ids = ['block-04', 'wide-12', 'block-19'];
    const taps = ids.map(tapOf);
    const channels = taps.reduce((sum, tap) => sum + tap.channels, 0);
    const whole = { ...parts({ ...tapOf('block-04'), channels }, null), taps };
    const extractor = await openExtractor(installed, { taps: ids });
    const features = (await extractor.run([image()])).flatMap(({ data }) => [...data]);
    await extractor.close();
    const file = buildPackagedModel(whole);
    const session = await openSession(file);
    const { probabilities } = await session.run({
      image: { type: 'uint8', dims: [1, 224, 224, 3], data: image() },
    });
    await session.close();
    predict(features, whole).forEach((value, c) =>
      expect(Math.abs(value - Number(probabilities?.data[c]))).toBeLessThan(1e-5),
    );
    expect(readModel(file).metadata.tap).toBe('block-04+wide-12+block-19');
  });

  it('holds nothing of what comes after the tap', () => {
    const shallow = buildPackagedModel(parts(tapOf('block-04'), null));
    const deep = buildPackagedModel(parts(tapOf('block-19'), null));
    expect(shallow.length).toBeLessThan(deep.length / 20);
    const weights = [...readModel(shallow).constants.values()].reduce(
      (sum, { raw }) => sum + raw.length / 4,
      0,
    );
    const head = tapOf('block-04').channels * 5 + 3;
    expect(weights - tapOf('block-04').params - head).toBeLessThan(20);
  });

  it('tells its labels and where it comes from', () => {
    const { metadata, inputs, outputs } = readModel(buildPackagedModel(parts(tapOf('block-04'), null)));
    expect(JSON.parse(metadata.labels ?? '')).toEqual(LABELS);
    expect(metadata).toMatchObject({ backbone: installed.card.id, tap: 'block-04', seed: '7' });
    expect(inputs).toEqual([{ name: 'image', type: 'uint8', dims: ['N', 224, 224, 3] }]);
    expect(outputs).toEqual([
      { name: 'probabilities', type: 'float32', dims: ['N', 3] },
      { name: 'graft/embedding', type: 'float32', dims: ['N', tapOf('block-04').channels] },
    ]);
  });

  it('gives the same bytes for the same parts', () => {
    const build = (): Uint8Array => buildPackagedModel(parts(tapOf('block-04'), 8));
    expect(Buffer.compare(build(), build())).toBe(0);
  });

  it('refuses parts that do not fit, and says which', () => {
    const good = parts(tapOf('block-04'), null);
    const bad: readonly [Partial<PackagedModelParts>, RegExp][] = [
      [{ labels: ['one'] }, /number of outputs is 3 instead of 1/],
      [{ temperature: 0 }, /temperature is 0/],
      [
        { standardise: { ...good.standardise, std: new Float32Array(good.standardise.std.length) } },
        /not above 0/,
      ],
      [{ taps: [tapOf('block-19')] }, /mean is 24 instead of 1280/],
    ];
    for (const [change, message] of bad) {
      expect(() => buildPackagedModel({ ...good, ...change })).toThrow(GraphError);
      expect(() => buildPackagedModel({ ...good, ...change })).toThrow(message);
    }
  });
});
