import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Four flat quadrants, so that orientation and colour survive any codec: top-left red, top-right green, and so on. */
export const QUADRANTS = {
  topLeft: [220, 40, 40],
  topRight: [40, 180, 60],
  bottomLeft: [50, 60, 200],
  bottomRight: [230, 210, 60],
} as const;

export function quadrantPixels(width: number, height: number): Buffer {
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = y < height / 2 ? 'top' : 'bottom';
      rgb.set(QUADRANTS[`${row}${x < width / 2 ? 'Left' : 'Right'}`], (y * width + x) * 3);
    }
  }
  return rgb;
}

export const quadrants = (width: number, height: number): Sharp =>
  sharp(quadrantPixels(width, height), { raw: { width, height, channels: 3 } });

/** The colour at a place given as shares of width and height. */
export function colourAt(
  rgb: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
): readonly number[] {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  return [...rgb.subarray(at, at + 3)];
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return out;
}

/** A PNG that claims a size without holding the pixels. */
export function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [
    pngChunk('IHDR', header),
    pngChunk('IDAT', Buffer.alloc(16)),
    pngChunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...parts]);
}

/** A still PNG turned into an APNG of one frame by the chunk that says so. */
export function withAnimationControl(png: Buffer): Buffer {
  const afterHeader = 8 + 25;
  const control = Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]);
  return Buffer.concat([png.subarray(0, afterHeader), pngChunk('acTL', control), png.subarray(afterHeader)]);
}

export async function animated(format: 'gif' | 'webp'): Promise<Buffer> {
  const frames = await Promise.all([
    quadrants(32, 32).png().toBuffer(),
    quadrants(32, 32).flip().png().toBuffer(),
  ]);
  const joined = sharp(frames, { join: { animated: true } });
  return format === 'gif' ? joined.gif().toBuffer() : joined.webp().toBuffer();
}
