import sharp, { type Sharp } from 'sharp';
import { texturedPicture } from './odd-pictures.js';

export interface NamedPicture {
  readonly file: string;
  readonly kind: string;
  readonly bytes: Buffer;
}

const SIZES = [
  [320, 240],
  [97, 211],
  [640, 480],
  [1300, 1290],
  [224, 224],
  [2600, 1500],
  [33, 500],
] as const;

type Make = (image: Sharp, index: number) => Promise<Buffer>;

const withAlpha = async (image: Sharp): Promise<Sharp> => {
  const { width, height } = await image.metadata();
  const alpha = await sharp(await texturedPicture(77, { width, height }))
    .greyscale()
    .raw()
    .toBuffer();
  return image.removeAlpha().joinChannel(alpha, { raw: { width, height, channels: 1 } });
};

/** What the web and cameras make of pictures. */
const KINDS: Record<string, Make> = {
  'exif-jpeg': (image, i) =>
    image
      .jpeg({ quality: 90 })
      .withMetadata({ orientation: (i % 8) + 1 })
      .toBuffer(),
  'cmyk-jpeg': (image) => image.toColourspace('cmyk').jpeg().toBuffer(),
  'grey-jpeg': (image) => image.greyscale().jpeg().toBuffer(),
  'subsampled-jpeg': (image) =>
    image.jpeg({ quality: 60, chromaSubsampling: '4:2:0', progressive: true }).toBuffer(),
  'display-p3-jpeg': (image) => image.withIccProfile('p3').jpeg().toBuffer(),
  'alpha-png': async (image) => (await withAlpha(image)).png().toBuffer(),
  'palette-png': (image) => image.png({ palette: true, colours: 32 }).toBuffer(),
  'sixteen-bit-png': (image) => image.toColourspace('rgb16').png().toBuffer(),
  'sixteen-bit-grey-png': (image) => image.greyscale().toColourspace('grey16').png().toBuffer(),
  'grey-png': (image) => image.greyscale().png().toBuffer(),
  'exif-webp': (image, i) =>
    image
      .webp()
      .withMetadata({ orientation: (i % 8) + 1 })
      .toBuffer(),
  'alpha-webp': async (image) => (await withAlpha(image)).webp({ lossless: true }).toBuffer(),
  gif: (image) => image.gif().toBuffer(),
  tiff: (image) => image.tiff({ compression: 'lzw' }).toBuffer(),
};

/** Odd pictures, all of them sound: every kind in every size in turn. The same numbers give the same pictures. */
export async function manyOddPictures(count: number): Promise<NamedPicture[]> {
  const kinds = Object.entries(KINDS);
  const pictures: NamedPicture[] = [];
  for (let i = 0; i < count; i++) {
    const entry = kinds[i % kinds.length];
    if (!entry) continue;
    const [kind, make] = entry;
    // Each round shifts the sizes by one, so that every kind meets every size.
    const [width, height] = SIZES[(i + Math.floor(i / kinds.length)) % SIZES.length] ?? SIZES[0];
    const image = sharp(await texturedPicture(3000 + i, { width, height })).removeAlpha();
    pictures.push({ file: `${i}-${kind}`, kind, bytes: await make(image, Math.floor(i / kinds.length)) });
  }
  return pictures;
}
