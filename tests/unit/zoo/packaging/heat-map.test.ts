import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openPackage, overlayHeat, type HeatMap } from '../../../../zoo/index.js';
import { texturedPicture } from '../../../support/odd-pictures.js';
import { makePackage, type SmallPackage } from '../../../support/small-package.js';
import { temporaryFolder } from '../backbones/installed.js';

async function open(options: SmallPackage = {}) {
  const folder = path.join(await temporaryFolder(), 'package');
  await makePackage(folder, options);
  return openPackage(folder);
}
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('class activation', () => {
  it.each(['block-04', 'wide-12', 'block-04+wide-12', 'block-08-gem', 'wide-12+wide-12-gem'])(
    'adds up to what the head says, tap %s',
    async (tap) => {
      const model = await open({ tap });
      const picture = await texturedPicture(11);
      const [prediction] = await model.predict([picture]);
      const logs = model.manifest.labels.map((label) => Math.log(prediction!.probabilities[label]!));
      const average = logs.reduce((sum, value) => sum + value, 0) / logs.length;
      for (const [c, label] of model.manifest.labels.entries()) {
        const map = await model.explain(picture, label);
        expect(map).toMatchObject({ label, method: 'class-activation' });
        expect(map.values).toHaveLength(map.rows * map.columns);
        expect(map.rows).toBeGreaterThan(6);
        // Log-probabilities are logits over the temperature, but for a term that all labels share.
        expect(mean(map.values) / model.manifest.temperature).toBeCloseTo(logs[c]! - average, 3);
      }
      expect((await model.explain(picture)).label).toBe(prediction?.label);
      await model.close();
    },
  );
});

describe('occlusion', () => {
  it('is used where the head is not linear, and finds the one place that matters', async () => {
    const model = await open({ hidden: 8 });
    const spot = { left: 180, top: 20, width: 30, height: 30 };
    const flat = sharp({ create: { width: 224, height: 224, channels: 3, background: '#808080' } });
    const input = await sharp(await texturedPicture(3, { width: 30, height: 30 })).toBuffer();
    const picture = await flat
      .composite([{ input, left: spot.left, top: spot.top }])
      .png()
      .toBuffer();
    const map = await model.explain(picture);
    expect(map.method).toBe('occlusion');
    const magnitude = map.values.map(Math.abs);
    const at = magnitude.indexOf(Math.max(...magnitude));
    const [row, column] = [Math.floor(at / map.columns), at % map.columns];
    expect(Math.abs(row - (35 / 224) * map.rows)).toBeLessThan(2);
    expect(Math.abs(column - (195 / 224) * map.columns)).toBeLessThan(2);
    await model.close();
  });

  it('refuses a label that the model does not have', async () => {
    const model = await open();
    await expect(model.explain(await texturedPicture(1), 'cow')).rejects.toThrow(
      /no label "cow": cat, dog, fox/,
    );
    await model.close();
  });
});

describe('overlayHeat', () => {
  const colourAt = async (png: Buffer, x: number, y: number): Promise<number[]> => {
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)];
  };
  const hot: Pick<HeatMap, 'rows' | 'columns' | 'values'> = {
    rows: 2,
    columns: 2,
    values: Float32Array.of(0, 4, -3, 0),
  };
  const grey = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#404040' } })
      .withMetadata({ orientation: 1 })
      .png()
      .toBuffer();

  it('colours the hot corner and leaves the cold one, in the proportions of the picture', async () => {
    const squish = { width: 10, height: 10, resize: 'squish', kernel: 'cubic' } as const;
    const png = await overlayHeat(await grey(400, 200), squish, hot);
    expect(await sharp(png).metadata()).toMatchObject({ width: 512, height: 256 });
    expect((await colourAt(png, 500, 5))[0]).toBeGreaterThan(150);
    for (const level of await colourAt(png, 5, 250)) expect(Math.abs(level - 64)).toBeLessThan(4);
  });

  it('colours only what the network sees of a cropped picture', async () => {
    const crop = { width: 10, height: 10, resize: 'crop', kernel: 'cubic' } as const;
    const png = await overlayHeat(await grey(400, 200), crop, hot);
    expect((await colourAt(png, 380, 5))[0]).toBeGreaterThan(150);
    expect(await colourAt(png, 390, 5)).toEqual([64, 64, 64]);
  });
});
