import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { floats, ints } from '../../../../zoo/graph/model.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { getBackbone, installBackbone, type InstalledBackbone } from '../../../../zoo/index.js';
import { temporaryFolder } from '../backbones/installed.js';
import { NetworkWriter } from '../graph/small-networks.js';

/** Side of the pictures it takes. */
export const SIDE = 16;
/** Floats of 128 TiB, more than an address space has. */
const TOO_MANY = 2 ** 45;

/** A network that asks for room for so many numbers as soon as a batch is larger than `largest`. */
export async function greedy(largest: number, huge = TOO_MANY, id = 'greedy'): Promise<InstalledBackbone> {
  const net = new NetworkWriter();
  const block = net.block('x', 'a', [3, 4]);
  net.op('Shape', ['x'], 'shape');
  net.op('Gather', ['shape', 'first'], 'batch', { axis: 0 });
  net.op('Greater', ['batch', 'largest'], 'tooMany');
  net.op('Cast', ['tooMany'], 'asNumber', { to: 7 });
  net.op('Mul', ['asNumber', 'huge'], 'more');
  net.op('Add', ['more', 'one'], 'size');
  net.op('Expand', ['nothing', 'size'], 'room');
  net.op('ReduceMax', ['room'], 'most', { keepdims: 1 });
  const last = net.op('Relu', [net.op('Add', [block, 'most'], 'sum')], 'b');
  const model = net.model(net.classifier(last, 4));
  const numbers = { first: 0, largest, huge, one: 1 };
  const constants = new Map(model.constants);
  for (const [name, value] of Object.entries(numbers)) constants.set(name, ints(name, [value]));
  constants.set('nothing', floats('nothing', [1], Float32Array.of(0)));
  const bytes = writeModel({ ...model, constants });
  const folder = await temporaryFolder();
  const file = path.join(folder, 'greedy.onnx');
  await writeFile(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { input, ...card } = getBackbone('nsfwjs-mobilenet-v2');
  return installBackbone(
    {
      ...{ ...card, id, title: id },
      input: { ...input, width: SIDE, height: SIDE, layout: 'nchw' },
      weights: { kind: 'onnx-file', path: file, bytes: bytes.length, sha256 },
    },
    folder,
  );
}
