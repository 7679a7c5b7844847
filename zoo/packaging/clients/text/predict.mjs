#!/usr/bin/env node
// Predicts texts with the model of this folder, in Node 20 or newer:
//   npm install onnxruntime-node
//   node predict.mjs "a text" ...
// Prints one JSON document a text and line. `predict` may also be imported.
import { readFile, realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import { openTokenizer } from './tokenize.mjs';

const read = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'));
const [manifest, labels, input] = await Promise.all(
  ['manifest.json', 'labels.json', 'preprocess.json'].map(read),
);
const tokenize = openTokenizer(await read(input.tokenizer.file), input);
const session = await ort.InferenceSession.create(
  fileURLToPath(new URL(manifest.model.file, import.meta.url)),
);

/** Which label a text has. */
export async function predict(text) {
  const numbers = tokenize(text);
  const { parts } = input;
  const dims = parts === 1 ? [1, numbers.length] : [1, numbers.length / parts, parts];
  const tokens = new ort.Tensor('int64', BigInt64Array.from(numbers, BigInt), dims);
  const { probabilities } = await session.run({ tokens });
  const row = [...probabilities.data];
  const confidence = Math.max(...row);
  return {
    label: labels[row.indexOf(confidence)],
    confidence,
    probabilities: Object.fromEntries(labels.map((label, i) => [label, row[i]])),
    unknown: confidence < (manifest.unknownBelow ?? 0),
  };
}

const started = process.argv[1] && (await realpath(process.argv[1]).catch(() => ''));
if (started === fileURLToPath(import.meta.url)) {
  for (const text of process.argv.slice(2)) console.log(JSON.stringify({ text, ...(await predict(text)) }));
}
