import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';
import type { FeatureSet } from '../../zoo/index.js';
import type { Round } from './rounds.js';

/** Debian's Python, which has python3-sklearn where it is installed. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = join(projectRoot(), 'bench', 'search', 'sklearn-peer.py');

export interface UsualScript {
  readonly accuracy: number;
  readonly fitMs: number;
  readonly sklearn: string;
}

function converse(task: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(PYTHON, [SCRIPT], (error, stdout) =>
      error ? reject(new Error(error.message, { cause: error })) : resolve(stdout),
    );
    child.stdin?.end(JSON.stringify(task));
  });
}

/**
 * scikit-learn's logistic regression with a grid over five folds, on the last features of one network; null where Python or
 * scikit-learn is not there. (torchvision's ResNet-18 cannot be had offline: the features are those that Graft extracted.)
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
    return JSON.parse(
      await converse({ rows, cols, labels: [...round.labels], test, features }),
    ) as UsualScript;
  } catch (error) {
    process.stderr.write(
      `*** scikit-learn is left out: ${error instanceof Error ? error.message.split('\n')[0] : String(error)} ***\n`,
    );
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
