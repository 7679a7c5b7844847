// Predicts texts with the model of this folder inside a browser; nothing is sent anywhere. `./runtime` holds onnxruntime-web:
// `npx graft package browser DIR` puts it there.
import * as ort from './runtime/ort.wasm.min.mjs';
import { openTokenizer } from './tokenize.mjs';

const read = async (name) => (await fetch(new URL(name, import.meta.url))).json();

/** Opens the model: `{ labels, predict(text) }`. */
export async function open() {
  ort.env.wasm.wasmPaths = new URL('./runtime/', import.meta.url).href;
  ort.env.wasm.numThreads = 1; // a short text is over before threads have started
  const [manifest, labels, input] = await Promise.all(
    ['manifest.json', 'labels.json', 'preprocess.json'].map(read),
  );
  const tokenize = openTokenizer(await read(input.tokenizer.file), input);
  const file = await (await fetch(new URL(manifest.model.file, import.meta.url))).arrayBuffer();
  const session = await ort.InferenceSession.create(new Uint8Array(file));
  const predict = async (text) => {
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
  };
  return { manifest, labels, predict };
}
