import { expect, test } from 'vitest';
import { withEvidence } from '../../../../zoo/graph/evidence.js';
import { floats, node } from '../../../../zoo/graph/model.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { pool, type Pooling } from '../../../../zoo/graph/pooling.js';
import { append } from '../../../../zoo/graph/surgery.js';
import { openSession } from '../../../../zoo/index.js';
import { NetworkWriter } from './small-networks.js';

const SHAPES = { nchw: [2, 3, 4, 5], nhwc: [2, 4, 5, 3], tokens: [2, 20, 3] } as const;
type Layout = keyof typeof SHAPES;
const CHANNELS = 3;
const CLASSES = 2;
const PLACES = 20;

const values = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * i));

/** A packaged model in small: one pooled tensor, standardised, under a linear head. */
function packaged(layout: Layout, pooling: Pooling, stride?: number) {
  const net = new NetworkWriter();
  const end = net.op('Identity', ['x'], 'end');
  const input = { name: 'x', type: 'float32' as const, dims: SHAPES[layout] };
  const model = { ...net.model(end), inputs: [input] };
  const pooled = append(model, pool(model, { tensor: end, layout, pooling, stride }, 'graft/features'));
  const names = { mean: 'graft/head/mean', factor: 'graft/head/factor', dense: 'graft/head/dense-1' };
  const headed = append(pooled, {
    nodes: [
      node('Sub', ['graft/features', names.mean], 'centred'),
      node('Mul', ['centred', names.factor], 'scaled'),
      node('Gemm', ['scaled', `${names.dense}/weights`, `${names.dense}/bias`], 'logits'),
    ],
    constants: [
      floats(names.mean, [CHANNELS], [0.1, 0.2, 0.3]),
      floats(names.factor, [CHANNELS], [2, 3, 4]),
      floats(`${names.dense}/weights`, [CHANNELS, CLASSES], values(CHANNELS * CLASSES)),
      floats(`${names.dense}/bias`, [CLASSES], [0.5, -0.5]),
    ],
  });
  return { ...headed, outputs: [{ name: 'logits', type: 'float32' as const, dims: ['N', CLASSES] }] };
}

test.each([
  ['nchw', 'mean', 1, PLACES],
  ['nchw', 'gem', 1, PLACES],
  ['nchw', 'gem', 2, 6],
  ['nhwc', 'mean', 1, PLACES],
  ['nhwc', 'gem', 1, PLACES],
  ['tokens', 'mean', 1, PLACES],
  ['tokens', 'gem', 1, PLACES],
] as const)(
  'what the places of %s add, pooled by the %s, stride %i, is the logit',
  async (layout, pooling, stride, places) => {
    const evidence = withEvidence(packaged(layout, pooling, stride));
    const session = await openSession(writeModel(evidence!.model));
    const data = values(2 * PLACES * CHANNELS);
    const x = { type: 'float32' as const, dims: [...SHAPES[layout]], data };
    const outputs = await session.run({ x });
    await session.close();
    const [parts, logits] = [outputs[evidence!.outputs[0]!]!, outputs.logits!];
    expect(parts.data).toHaveLength(2 * places * CLASSES);
    for (const n of [0, 1])
      for (const c of [0, 1]) {
        let sum = 0;
        for (let p = 0; p < places; p++) sum += Number(parts.data[(n * places + p) * CLASSES + c]);
        expect(sum / places).toBeCloseTo(Number(logits.data[n * CLASSES + c]), 4);
      }
  },
);

test('a channel that is nowhere above 0 adds nothing, and no number is lost to it', async () => {
  const evidence = withEvidence(packaged('nchw', 'gem'));
  const session = await openSession(writeModel(evidence!.model));
  const data = new Float32Array(2 * PLACES * CHANNELS).fill(-1);
  const outputs = await session.run({ x: { type: 'float32', dims: [...SHAPES.nchw], data } });
  await session.close();
  expect([...outputs[evidence!.outputs[0]!]!.data].every((value) => Number.isFinite(Number(value)))).toBe(
    true,
  );
});
