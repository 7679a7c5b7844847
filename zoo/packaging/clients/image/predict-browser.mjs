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
  vips.Cache.max(0); // no picture is decoded twice, so it would only hold memory
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
 * The picture as it is stored, by how much it is to be shrunk, and whether that may begin before its colours are converted. As sharp does in training,
 * JPEG is read at half of what it is shrunk by; of other formats the pixels are made first.
 */
function load({ vips, own }, bytes) {
  const image = own(vips.Image.newFromBuffer(bytes));
  const { width, height } = image;
  const shrink = shrinkOf(width, height);
  const jpeg = image.getString('vips-loader').startsWith('jpeg');
  const size = [width, height].map((side) => Math.floor(side / shrink));
  const smaller = shrink > 2 && jpeg;
  return {
    image: smaller ? own(vips.Image.jpegloadBuffer(bytes, { shrink: shrink / 2 })) : image,
    ...{ size, shrink, early: jpeg || shrink === 1 },
  };
}

function toSrgb({ own }, image) {
  if (image.interpretation === 'cmyk')
    return own(image.iccTransform('srgb', { input_profile: 'cmyk', intent: 'perceptual' }));
  const profiled = image.getTypeof('icc-profile-data') !== 0 && image.interpretation !== 'grey16';
  if (!profiled) return image;
  const depth = image.interpretation === 'rgb16' ? 16 : 8;
  return own(image.iccTransform('srgb', { embedded: true, depth, intent: 'perceptual' }));
}

function onWhite({ own }, image) {
  if (!image.hasAlpha()) return image;
  const most = /16$/.test(image.interpretation) ? 65535 : 255;
  return own(image.flatten({ background: Array(image.bands - 1).fill(most), max_alpha: most }));
}

function resize({ own }, image, width, height, kernel) {
  if (image.width === width && image.height === height) return image;
  return own(image.resize(width / image.width, { vscale: height / image.height, kernel }));
}

function toBytes({ own }, image) {
  const rgb = own(own(image.colourspace('srgb')).cast('uchar'));
  if (rgb.bands >= 3) return rgb;
  const grey = own(rgb.extractBand(0));
  return own(grey.bandjoin([grey, grey]));
}

/** What vips works on is in its own memory; once written out, a picture starts afresh, as in training. */
function afresh({ vips, own }, image) {
  const { width, height } = image;
  const memory = image.writeToMemory();
  return own(
    own(vips.Image.newFromMemory(memory, width, height, 3, 'uchar')).copy({ interpretation: 'srgb' }),
  );
}

/** Upright, on white, 8-bit sRGB. */
function decode(desk, bytes) {
  const { own } = desk;
  const { image, size, shrink, early } = load(desk, bytes);
  const opaque = onWhite(desk, toSrgb(desk, image));
  if (early) return toBytes(desk, own(resize(desk, opaque, size[0], size[1], 'linear').autorot()));
  const whole = afresh(desk, toBytes(desk, own(opaque.autorot())));
  const [width, height] = [whole.width, whole.height].map((side) => Math.floor(side / shrink));
  return resize(desk, whole, width, height, 'linear');
}

function fit(desk, bytes, input) {
  const { own } = desk;
  const decoded = afresh(desk, decode(desk, bytes));
  const { width, height } = decoded;
  if (input.resize === 'squish')
    return resize(desk, decoded, input.width, input.height, input.kernel).writeToMemory();
  const share = input.cropShare ?? 1;
  const [w, h] = [width, height].map((side) => (share < 1 ? Math.max(1, Math.round(side * share)) : side));
  const kept = own(decoded.crop(Math.floor((width - w) / 2), Math.floor((height - h) / 2), w, h));
  const scale = Math.max(input.width / w, input.height / h);
  const scaled = own(kept.resize(scale, { vscale: scale, kernel: input.kernel }));
  const [left, top] = [scaled.width - input.width, scaled.height - input.height].map((rest) =>
    Math.floor((rest + 1) / 2),
  );
  return own(scaled.crop(left, top, input.width, input.height)).writeToMemory();
}

/** The bytes of a picture file as the model wants them: RGB, height x width x 3. What vips made for it is given back at once. */
export function prepare(vips, bytes, input) {
  const handles = new Set();
  const own = (image) => {
    handles.add(image);
    return image;
  };
  try {
    return fit({ vips, own }, bytes, input);
  } finally {
    for (const image of handles) image.delete();
  }
}
