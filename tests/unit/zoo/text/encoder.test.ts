import { expect, onTestFinished, test } from 'vitest';
import { GraphError, HubError } from '../../../../zoo/index.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { openSession } from '../../../../zoo/runtimes/onnx.js';
import { findPublished, prepareText } from '../../../../zoo/text/backbones/prepare.js';
import { loadTextZoo } from '../../../../zoo/text/backbones/text-zoo.js';
import { tapEncoder } from '../../../../zoo/text/encoder/encoder-taps.js';
import { openTextExtractor } from '../../../../zoo/text/features.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { tinyEncoder, tinyMirror } from '../../../support/tiny-encoder.js';
import { startWeightsServer } from '../../../support/weights-server.js';

const NOTHING = { learnt: [], unlabelled: [] };
const server = await startWeightsServer();

function serveMirror(): void {
  for (const [name, bytes] of tinyMirror()) server.files.set(`/${name}`, bytes);
}

async function folderOfTest(): Promise<string> {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  return path;
}

/** What the published network itself says of one text: its last layer, [tokens, 8]. */
async function lastLayer(ids: readonly number[]): Promise<Float32Array> {
  const session = await openSession(writeModel(tinyEncoder()));
  const feed = (value: (id: number) => number) => ({
    type: 'int64' as const,
    dims: [1, ids.length],
    data: BigInt64Array.from(ids, (id) => BigInt(value(id))),
  });
  const feeds = { input_ids: feed((id) => id), attention_mask: feed(() => 1), token_type_ids: feed(() => 0) };
  const { last_hidden_state: out } = await session.run(feeds);
  await session.close();
  if (out?.type !== 'float32') throw new Error('The network gives no floats.');
  return out.data;
}

test('every layer of a published encoder is a depth, pooled by the mean of its tokens and by its first token', async () => {
  const { taps } = await tapEncoder(tinyEncoder(), 0);
  const blocks = taps.filter(({ id }) => !id.startsWith('wide'));
  expect(blocks.map(({ id }) => id.slice(0, 5))).toEqual(blocks.map((_, i) => (i % 2 ? 'block' : 'class')));
  expect(taps.at(-1)).toMatchObject({ kind: 'last', channels: 8, depth: 1, layout: 'vector' });
  expect(taps.some(({ id, channels }) => id.startsWith('wide') && channels === 16)).toBe(true);
  const params = taps.map((tap) => tap.params);
  expect(params).toEqual(params.toSorted((a, b) => a - b));
});

test('an encoder of a mirror gives what the published network gives, whatever the padding beside it', async () => {
  serveMirror();
  const cacheDir = await folderOfTest();
  const zoo = await loadTextZoo({ mirror: server.base, cacheDir });
  const card = zoo.get('tiny-bert');
  expect(await zoo.defaults()).toContain('tiny-bert');
  expect(await findPublished(card, cacheDir)).toBeNull();
  const installed = await prepareText(card, NOTHING, cacheDir);
  expect(await findPublished(card, cacheDir)).toEqual(installed);

  const extractor = await openTextExtractor(installed);
  const matrices = await extractor.run(['A good film', 'the nice day . a poor poor day', 'unknown']);
  await extractor.close();
  const [mean, first] = [matrices.at(-1), matrices.at(-2)];
  const out = await lastLayer([2, 11, 4, 6, 3]); // [CLS] a good film [SEP]
  for (let d = 0; d < 8; d++) {
    const values = [0, 1, 2, 3, 4].map((token) => out[token * 8 + d] as number);
    expect(first?.data[d]).toBeCloseTo(values[0] as number, 4);
    expect(mean?.data[d]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 5, 4);
  }

  // Made once: the next run of a project asks nobody.
  const asked = server.requests.length;
  expect(await prepareText(card, { learnt: ['other texts'], unlabelled: [] }, cacheDir)).toEqual(installed);
  expect(server.requests.length).toBe(asked);
});

test('a broken file, a wrong entry and a network of pictures are told as what they are', async () => {
  serveMirror();
  const cacheDir = await folderOfTest();
  const card = (await loadTextZoo({ mirror: server.base, cacheDir })).get('tiny-bert');
  const whole = server.files.get('/tiny-bert-tokenizer.json') as Buffer;
  server.files.set('/tiny-bert-tokenizer.json', Buffer.from(whole.toString().replace('good', 'evil')));
  await expect(prepareText(card, NOTHING, cacheDir)).rejects.toThrow(HubError);

  const [entry] = JSON.parse(String(server.files.get('/zoo.json'))) as [Record<string, unknown>];
  const zoo = [{ ...entry, tokenizer: { ...(entry.tokenizer as object), bytes: -1 } }];
  server.files.set('/zoo.json', Buffer.from(JSON.stringify(zoo)));
  await expect(loadTextZoo({ mirror: server.base, cacheDir })).rejects.toThrow(/0\.tokenizer\.bytes/);

  const model = tinyEncoder();
  const pictures = {
    ...model,
    inputs: [{ name: 'pixel_values', type: 'float32' as const, dims: [1, 3, 8, 8] }],
  };
  await expect(tapEncoder(pictures, 0)).rejects.toThrow(GraphError);
});
