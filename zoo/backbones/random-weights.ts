import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { floats, floatValues, type GraphNode, type Model, type Tensor } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { isWeighted, structureOf, type Structure } from '../graph/structure.js';
import { createRng, type Rng } from '../rng.js';
import type { InstalledBackbone } from './card.js';
import { writeWhole } from './write-whole.js';

/** Start of the id of a backbone with random weights; cards of the zoo never start so. */
export const RANDOM_PREFIX = 'random-';
const SEED = 1;

/** Inputs that go into one output: what the variance of its weights must make up for. */
function fanIn({ op }: GraphNode, { dims }: Tensor): number {
  const each = op === 'Conv' ? dims.slice(1) : dims.slice(0, -1);
  return each.reduce((product, size) => product * size, 1);
}

/** Normal with variance 2 / fan-in (He et al., ICCV 2015): activations keep their size through layers of relus. */
function redraw(weights: Tensor, item: GraphNode, rng: Rng): Tensor {
  const deviation = Math.sqrt(2 / Math.max(1, fanIn(item, weights)));
  const values = floatValues(weights).map(() => deviation * rng.normal());
  return floats(weights.name, weights.dims, values);
}

const filled = ({ name, dims, raw }: Tensor, value: number): Tensor =>
  floats(name, dims, new Float32Array(raw.length / Float32Array.BYTES_PER_ELEMENT).fill(value));

/** Scale, bias, mean and variance of a normalisation that does nothing. */
const NEUTRAL = [1, 0, 0, 1];

/** What a node's trained constants are replaced with; other constants (a six to clip at, a shape) stay as they are. */
function freshConstants(structure: Structure, item: GraphNode, rng: Rng): Tensor[] {
  const { model } = structure;
  const constant = (at: number): Tensor | undefined => {
    const tensor = model.constants.get(item.inputs[at] ?? '');
    return tensor?.type === 'float32' ? tensor : undefined;
  };
  if (isWeighted(structure, item)) {
    const [weights, bias] = [constant(1), constant(2)];
    return [...(weights ? [redraw(weights, item, rng)] : []), ...(bias ? [filled(bias, 0)] : [])];
  }
  if (item.op === 'BatchNormalization')
    return NEUTRAL.flatMap((value, i) => {
      const tensor = constant(i + 1);
      return tensor ? [filled(tensor, value)] : [];
    });
  if (item.op !== 'Add') return [];
  return [constant(0), constant(1)].flatMap((tensor) => {
    return tensor && tensor.dims.some((size) => size > 1) ? [filled(tensor, 0)] : [];
  });
}

/** The same network with nothing learnt in it: weights drawn anew, biases zero, normalisations neutral. */
export function withRandomWeights(model: Model, seed: number | string): Model {
  const structure = structureOf(model);
  const rng = createRng(`${seed}/random-weights`);
  const constants = new Map(model.constants);
  for (const item of model.nodes)
    for (const tensor of freshConstants(structure, item, rng)) constants.set(tensor.name, tensor);
  return { ...model, constants };
}

/**
 * A backbone of the same architecture with random weights, kept in `cacheDir`. It stands in the leaderboard as a floor: what it
 * scores comes from the architecture and the head alone. Its seed is fixed, so that its features serve every run.
 */
export async function installRandomTwin(
  installed: InstalledBackbone,
  cacheDir: string,
): Promise<InstalledBackbone> {
  const modelPath = path.join(cacheDir, `${RANDOM_PREFIX}${installed.sha256.slice(0, 16)}-${SEED}.onnx`);
  if (!(await stat(modelPath).catch(() => null))) {
    const model = readModel(await readFile(installed.modelPath));
    await writeWhole(modelPath, writeModel(withRandomWeights(model, SEED)));
  }
  const { card } = installed;
  const sha256 = createHash('sha256')
    .update(await readFile(modelPath))
    .digest('hex');
  return {
    ...installed,
    card: { ...card, id: `${RANDOM_PREFIX}${card.id}`, title: `${card.title}, random weights` },
    modelPath,
    sha256,
  };
}
