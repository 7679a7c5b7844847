#!/usr/bin/env node
// Predicts pictures with the model of this folder, in Node 20 or newer:
//   npm install onnxruntime-node sharp
//   node predict.mjs picture.jpg ...
// Prints one JSON document a picture and line. `predict` may also be imported.
import { readFile, realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const read = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'));
const [manifest, labels, input] = await Promise.all(
  ['manifest.json', 'labels.json', 'preprocess.json'].map(read),
);
const session = await ort.InferenceSession.create(
  fileURLToPath(new URL(manifest.model.file, import.meta.url)),
);

/** Large pictures are shrunk by 2, 4 or 8 while they are decoded, as they were in training; the shorter side keeps 640 pixels. */
function shrinkOf(width, height) {
  let shrink = 1;
  while (shrink < 8 && Math.min(width, height) / (shrink * 2) >= 640) shrink *= 2;
  return shrink;
}

/** On white, 8-bit sRGB; grey pictures have one channel. */
const pixelsOf = (image) =>
  image
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });

/** Upright, on white, 8-bit. Only JPEG is shrunk while it is decoded, as in training. */
async function decoded(bytes) {
  const { autoOrient, format } = await sharp(bytes).metadata();
  const upright = sharp(bytes, { failOn: 'truncated', sequentialRead: true }).autoOrient();
  const shrink = shrinkOf(autoOrient.width, autoOrient.height);
  if (shrink === 1) return pixelsOf(upright);
  const [width, height] = [autoOrient.width, autoOrient.height].map((side) => Math.floor(side / shrink));
  const smaller = { width, height, fit: 'fill', kernel: 'linear' };
  if (format === 'jpeg') return pixelsOf(upright.resize({ ...smaller, fastShrinkOnLoad: true }));
  const { data, info } = await pixelsOf(upright);
  const raw = { width: info.width, height: info.height, channels: info.channels };
  return pixelsOf(sharp(data, { raw, limitInputPixels: false }).resize(smaller));
}

/** Upright, on white, 8-bit sRGB. */
async function decode(bytes) {
  const { data, info } = await decoded(bytes);
  const grey = info.channels < 3;
  const rgb = grey
    ? Uint8Array.from(
        { length: 3 * info.width * info.height },
        (_, i) => data[Math.floor(i / 3) * info.channels],
      )
    : data;
  return { rgb, width: info.width, height: info.height };
}

/** The bytes of a picture file as the model wants them: RGB, height x width x 3. */
export async function prepare(bytes) {
  const { rgb, width, height } = await decode(bytes);
  let image = sharp(rgb, { raw: { width, height, channels: 3 } });
  const share = input.resize === 'crop' ? (input.cropShare ?? 1) : 1;
  if (share < 1) {
    const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side * share)));
    const [left, top] = [Math.floor((width - w) / 2), Math.floor((height - h) / 2)];
    image = image.extract({ left, top, width: w, height: h });
  }
  const fit = input.resize === 'squish' ? 'fill' : 'cover';
  return image
    .resize({ width: input.width, height: input.height, kernel: input.kernel, fit, position: 'centre' })
    .raw()
    .toBuffer();
}

/** What is on a picture, given the bytes of its file. */
export async function predict(bytes) {
  const pixels = Uint8Array.from(await prepare(bytes));
  const image = new ort.Tensor('uint8', pixels, [1, input.height, input.width, 3]);
  const { probabilities } = await session.run({ image });
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
  for (const file of process.argv.slice(2))
    console.log(JSON.stringify({ file, ...(await predict(await readFile(file))) }));
}
