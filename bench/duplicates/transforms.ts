import sharp, { type Sharp } from 'sharp';

/** What is done to pictures on the web. Random choices there are none: every run makes the same files. */
export type Transform = (bytes: Buffer, size: { width: number; height: number }) => Promise<Buffer>;

const JPEG_QUALITY = 85;
const jpeg = (image: Sharp, quality = JPEG_QUALITY): Promise<Buffer> => image.jpeg({ quality }).toBuffer();

const crop: Transform = (bytes, { width, height }) => {
  const kept = { width: Math.round(width * 0.9), height: Math.round(height * 0.9) };
  const left = Math.floor((width - kept.width) / 2);
  const top = Math.floor((height - kept.height) / 2);
  return jpeg(sharp(bytes).extract({ left, top, ...kept }));
};

const border: Transform = (bytes, { width, height }) => {
  const side = Math.round(0.06 * Math.max(width, height));
  return jpeg(
    sharp(bytes).extend({ top: side, bottom: side, left: side, right: side, background: '#000000' }),
  );
};

/** A dark band over 14 % of the height with white letters. */
const caption: Transform = (bytes, { width, height }) => {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect y="${0.82 * height}" width="${width}" height="${0.14 * height}" fill="#000" fill-opacity="0.6"/>` +
    `<text x="50%" y="${0.92 * height}" font-family="sans-serif" font-weight="bold" text-anchor="middle" ` +
    `font-size="${0.1 * height}" fill="#fff">SAMPLE TEXT 2024</text></svg>`;
  return jpeg(sharp(bytes).composite([{ input: Buffer.from(svg) }]));
};

/** The twelve of the benchmark, in its order. */
export const TRANSFORMS: Readonly<Record<string, Transform>> = {
  'reencode-q30': (bytes) => jpeg(sharp(bytes), 30),
  'resize-25': (bytes, { width }) => jpeg(sharp(bytes).resize(Math.max(1, Math.round(width / 4)))),
  'crop-10': crop,
  flip: (bytes) => jpeg(sharp(bytes).flop()),
  'rotate-90': (bytes) => jpeg(sharp(bytes).rotate(90)),
  'rotate-5': (bytes) => jpeg(sharp(bytes).rotate(5, { background: '#ffffff' })),
  border,
  text: caption,
  greyscale: (bytes) => jpeg(sharp(bytes).greyscale()),
  brightness: (bytes) => jpeg(sharp(bytes).modulate({ brightness: 1.3 })),
  blur: (bytes) => jpeg(sharp(bytes).blur(2)),
  webp: (bytes) => sharp(bytes).webp({ quality: 60 }).toBuffer(),
};

export async function transformed(name: string, bytes: Buffer): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  const transform = TRANSFORMS[name];
  if (!transform) throw new Error(`There is no transform ${name}.`);
  return transform(bytes, { width, height });
}
