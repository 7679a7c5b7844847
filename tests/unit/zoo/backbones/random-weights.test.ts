import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { floatValues } from '../../../../zoo/graph/model.js';
import { readModel, writeModel } from '../../../../zoo/graph/model-file.js';
import { createRng, installRandomTwin, openExtractor, withRandomWeights } from '../../../../zoo/index.js';
import { installSmall, temporaryFolder } from './installed.js';

describe('a backbone with random weights', () => {
  it('has the same taps, other weights, and its own features', async () => {
    const installed = await installSmall();
    const folder = await temporaryFolder();
    const twin = await installRandomTwin(installed, folder);
    expect(twin.card.id).toBe(`random-${installed.card.id}`);
    expect(twin.taps).toBe(installed.taps);
    expect(await installRandomTwin(installed, folder)).toEqual(twin);
    const [trained, random] = [
      readModel(await readFile(installed.modelPath)),
      readModel(await readFile(twin.modelPath)),
    ];
    expect(random.nodes.map(({ name, op }) => [name, op])).toEqual(
      trained.nodes.map(({ name, op }) => [name, op]),
    );
    const { width, height } = installed.card.input;
    const rng = createRng(1);
    const picture = Uint8Array.from({ length: width * height * 3 }, () => rng.int(256));
    const [own, others] = await Promise.all(
      [installed, twin].map(async (backbone) => {
        const extractor = await openExtractor(backbone);
        const matrices = await extractor.run([picture]);
        await extractor.close();
        return matrices;
      }),
    );
    own!.forEach(({ data }, i) => {
      const { data: other } = others![i]!;
      expect(other.length).toBe(data.length);
      expect(other.every(Number.isFinite)).toBe(true);
      expect(other).not.toEqual(data);
    });
  });

  it('draws every weight at the size its inputs call for, and leaves nothing of the biases', async () => {
    const model = readModel(await readFile((await installSmall()).modelPath));
    const random = withRandomWeights(model, 5);
    const convolutions = random.nodes.filter(({ op }) => op === 'Conv');
    expect(convolutions.length).toBeGreaterThan(1);
    for (const { inputs } of convolutions) {
      const weights = random.constants.get(inputs[1]!)!;
      const values = floatValues(weights);
      const fan = weights.dims.slice(1).reduce((product, size) => product * size, 1);
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      expect((variance * fan) / 2).toBeGreaterThan(0.3);
      expect((variance * fan) / 2).toBeLessThan(2.5);
      const bias = random.constants.get(inputs[2] ?? '');
      if (bias) expect(floatValues(bias).every((value) => value === 0)).toBe(true);
    }
    const written = (seed: number): Buffer => Buffer.from(writeModel(withRandomWeights(model, seed)));
    expect(written(5).equals(Buffer.from(writeModel(random)))).toBe(true);
    expect(written(6).equals(written(5))).toBe(false);
  });
});
