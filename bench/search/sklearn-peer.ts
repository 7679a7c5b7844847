import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeatureSet } from '../../zoo/index.js';
import { askPython } from './python-peer.js';
import type { Round } from './rounds.js';

export interface UsualScript {
  readonly accuracy: number;
  readonly fitMs: number;
  readonly sklearn: string;
}

/**
 * scikit-learn's logistic regression with a grid over five folds, on the last features of one network; null where Python or
 * scikit-learn is not there. (The weights of torchvision's ResNet-18 cannot be had offline: the features are
 * those that Graft extracted.)
 */
export async function runUsualScript(set: FeatureSet, round: Round): Promise<UsualScript | null> {
  const matrix = typeof set.matrix === 'function' ? await set.matrix() : set.matrix;
  const folder = await mkdtemp(join(tmpdir(), 'graft-sklearn-'));
  try {
    const features = join(folder, 'features.f32');
    const { buffer, byteOffset, byteLength } = matrix.data;
    await writeFile(features, new Uint8Array(buffer, byteOffset, byteLength));
    const test = Array.from(round.folds, (fold) => fold < 0);
    const { rows, cols } = matrix;
    return await askPython<UsualScript>('sklearn-peer.py', {
      ...{ rows, cols, test, features },
      labels: [...round.labels],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
