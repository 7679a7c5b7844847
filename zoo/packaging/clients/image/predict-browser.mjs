// Predicts pictures with the model of this folder inside a browser; nothing is sent anywhere. `./runtime` holds onnxruntime-web and
// wasm-vips, which decodes and resizes to the bit as training did: `npx graft package browser DIR` puts them there.
import * as ort from './runtime/ort.wasm.min.mjs';
import Vips from './runtime/vips-es6.js';

const runtime = new URL('./runtime/', import.meta.url).href;
const read = async (name) => (await fetch(new URL(name, import.meta.url))).json();

/** Opens the model: `{ labels, predict(bytes) }`. */
export async function open() {
  ort.env.wasm.wasmPaths = runtime;
  const [manifest, labels, input, vips] = await Promise.all([
    ...['manifest.json', 'labels.json', 'preprocess.json'].map(read),
    Vips({ dynamicLibraries: [], locateFile: (file) => runtime + file }),
  ]);
  const file = await (await fetch(new URL(manifest.model.file, import.meta.url))).arrayBuffer();
  const session = await ort.InferenceSession.create(new Uint8Array(file));
  const predict = async (bytes) => {
    const pixels = prepare(vips, bytes, input);
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
  };
  return { manifest, labels, predict };
}

/** Large pictures are shrunk by 2, 4 or 8 while they are decoded, as they were in training; the shorter side keeps 640 pixels. */
function shrinkOf(width, height) {
  let shrink = 1;
  while (shrink < 8 && Math.min(width, height) / (shrink * 2) >= 640) shrink *= 2;
  return shrink;
}

/**
 * The picture as it is stored, and the size it is to be decoded at, 1/shrink of its own. As sharp does in training, JPEG is read at half
 * of what it is shrunk by, WebP at all of it, other formats at none; resizing does the rest.
 */
function load(vips, bytes) {
  let image = vips.Image.newFromBuffer(bytes);
  const { width, height } = image;
  const shrink = shrinkOf(width, height);
  const size = [width, height].map((side) => Math.floor(side / shrink));
  const loader = image.getString('vips-loader');
  if (shrink > 2 && loader.startsWith('jpeg'))
    image = vips.Image.jpegloadBuffer(bytes, { shrink: shrink / 2 });
  if (shrink > 1 && loader.startsWith('webp'))
    image = vips.Image.webploadBuffer(bytes, { scale: 1 / Math.min(width / size[0], height / size[1]) });
  return { image, size };
}

function toSrgb(image) {
  if (image.interpretation === 'cmyk')
    return image.iccTransform('srgb', { input_profile: 'cmyk', intent: 'perceptual' });
  const profiled = image.getTypeof('icc-profile-data') !== 0 && image.interpretation !== 'grey16';
  if (!profiled) return image;
  const depth = image.interpretation === 'rgb16' ? 16 : 8;
  return image.iccTransform('srgb', { embedded: true, depth, intent: 'perceptual' });
}

function onWhite(image) {
  if (!image.hasAlpha()) return image;
  const most = /16$/.test(image.interpretation) ? 65535 : 255;
  return image.flatten({ background: Array(image.bands - 1).fill(most), max_alpha: most });
}

function resize(image, width, height, kernel) {
  if (image.width === width && image.height === height) return image;
  return image.resize(width / image.width, { vscale: height / image.height, kernel });
}

/** Upright, on white, 8-bit sRGB. */
function decode(vips, bytes) {
  const { image, size } = load(vips, bytes);
  const scaled = resize(onWhite(toSrgb(image)), size[0], size[1], 'linear').autorot();
  const rgb = scaled.colourspace('srgb').cast('uchar');
  return rgb.bands < 3 ? rgb.extractBand(0).bandjoin([rgb.extractBand(0), rgb.extractBand(0)]) : rgb;
}

/** The bytes of a picture file as the model wants them: RGB, height x width x 3. */
export function prepare(vips, bytes, input) {
  // What vips works on is in its own memory; once written out, a picture starts afresh, as in training.
  const { width, height, memory } = ((rgb) => ({
    width: rgb.width,
    height: rgb.height,
    memory: rgb.writeToMemory(),
  }))(decode(vips, bytes));
  let image = vips.Image.newFromMemory(memory, width, height, 3, 'uchar').copy({ interpretation: 'srgb' });
  if (input.resize === 'squish')
    return resize(image, input.width, input.height, input.kernel).writeToMemory();
  const share = input.cropShare ?? 1;
  const [w, h] = [width, height].map((side) => (share < 1 ? Math.max(1, Math.round(side * share)) : side));
  image = image.crop(Math.floor((width - w) / 2), Math.floor((height - h) / 2), w, h);
  const scale = Math.max(input.width / w, input.height / h);
  image = image.resize(scale, { vscale: scale, kernel: input.kernel });
  const [left, top] = [image.width - input.width, image.height - input.height].map((rest) =>
    Math.floor((rest + 1) / 2),
  );
  return image.crop(left, top, input.width, input.height).writeToMemory();
}
