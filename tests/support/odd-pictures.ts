import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** Pictures and non-pictures as the web has them, made here so that nothing has to be shipped. */

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
};

/** A whole, valid PNG of 30000 x 30000 black pixels in about 110 kB. */
export function hugePng(side = 30_000): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(side * (Math.ceil(side / 8) + 1));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A textured picture that differs by `seed`: shapes over a gradient, so that hashes, blur and size checks take it as real. */
export async function texturedPicture(
  seed: number,
  options: { width?: number; height?: number; hue?: number } = {},
): Promise<Buffer> {
  const { width = 320, height = 240, hue = (seed * 47) % 360 } = options;
  let state = seed * 2654435761 + 1;
  const random = (): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0), state / 4294967296);
  const shapes = Array.from({ length: 24 }, () => {
    const [x, y, r] = [random() * width, random() * height, 8 + random() * 50];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${hue + random() * 40},${30 + random() * 60}%,${15 + random() * 70}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${hue},40%,60%)"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

export interface OddPicture {
  readonly file: string;
  readonly bytes: Buffer;
  /** The reason it must be dropped under, or null when it must be kept. */
  readonly reason: string | null;
}

/** The bad input of the first issue, each with what must become of it. */
export async function oddPictures(): Promise<OddPicture[]> {
  const jpeg = (seed: number) =>
    texturedPicture(seed).then((png) => sharp(png).jpeg({ quality: 90 }).toBuffer());
  const good = await jpeg(901);
  const frames = await Promise.all(
    [910, 911, 912].map((seed) => texturedPicture(seed, { width: 120, height: 120 })),
  );
  return [
    { file: 'empty.jpg', bytes: Buffer.alloc(0), reason: 'empty' },
    {
      file: 'page.jpg',
      bytes: Buffer.from('<!doctype html><title>Not found</title><h1>404</h1>'),
      reason: 'not-an-image',
    },
    { file: 'truncated.jpg', bytes: good.subarray(0, Math.floor(good.length / 2)), reason: 'corrupt' },
    { file: 'huge.png', bytes: hugePng(), reason: 'too-many-pixels' },
    {
      file: 'animated.gif',
      bytes: await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
      reason: 'animated',
    },
    { file: 'entities.svg', bytes: svgWithExternalEntity, reason: 'unsupported' },
    { file: 'tiny.png', bytes: await texturedPicture(920, { width: 16, height: 16 }), reason: 'too-small' },
    {
      file: 'blank.png',
      bytes: await sharp({ create: { width: 300, height: 300, channels: 3, background: '#eee' } })
        .png()
        .toBuffer(),
      reason: 'blank',
    },
    {
      file: 'cmyk.jpg',
      bytes: await sharp(await texturedPicture(930))
        .toColourspace('cmyk')
        .jpeg()
        .toBuffer(),
      reason: null,
    },
    {
      file: 'sixteen-bit.png',
      bytes: await sharp(await texturedPicture(940))
        .toColourspace('rgb16')
        .png()
        .toBuffer(),
      reason: null,
    },
    {
      file: 'rotated.jpg',
      bytes: await sharp(await jpeg(950))
        .withMetadata({ orientation: 6 })
        .toBuffer(),
      reason: null,
    },
  ];
}

const svgWithExternalEntity = Buffer.from(
  `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
   <svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><text x="10" y="20">&secret;</text></svg>`,
);
