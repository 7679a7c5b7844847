/** Picture formats told apart by their first bytes, never by name or declared type. */
export type SniffedFormat =
  'jpeg' | 'png' | 'gif' | 'webp' | 'avif' | 'heic' | 'tiff' | 'svg' | 'bmp' | 'jxl' | 'pdf' | 'ico';

const SVG_WINDOW_BYTES = 4096;

const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.subarray(start, end)).toString('latin1');

const startsWith = (bytes: Uint8Array, ...magic: number[]): boolean =>
  bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte);

/** ISO base media files name themselves in a list of brands after 'ftyp' (ISO/IEC 23008-12). */
function sniffIsoMedia(bytes: Uint8Array): SniffedFormat | null {
  if (ascii(bytes, 4, 8) !== 'ftyp') return null;
  const brands = ascii(bytes, 8, 40);
  if (brands.includes('avif') || brands.includes('avis')) return 'avif';
  return /hei[cfxms]|hev[cx]|mif1|msf1/.test(brands) ? 'heic' : null;
}

function sniffSvg(bytes: Uint8Array): SniffedFormat | null {
  const text = ascii(bytes, 0, SVG_WINDOW_BYTES)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  return text.startsWith('<') && /<svg[\s>:]/i.test(text) && !/<html[\s>]/i.test(text) ? 'svg' : null;
}

/** The format the bytes claim to be, or null. Formats we refuse are named too, so that the refusal can be. */
export function sniffFormat(bytes: Uint8Array): SniffedFormat | null {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (ascii(bytes, 0, 4) === 'GIF8') return 'gif';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  if (startsWith(bytes, 0x49, 0x49, 0x2a, 0x00) || startsWith(bytes, 0x4d, 0x4d, 0x00, 0x2a)) return 'tiff';
  if (startsWith(bytes, 0x49, 0x49, 0x2b, 0x00) || startsWith(bytes, 0x4d, 0x4d, 0x00, 0x2b)) return 'tiff';
  if (ascii(bytes, 0, 2) === 'BM') return 'bmp';
  if (ascii(bytes, 0, 5) === '%PDF-') return 'pdf';
  if (startsWith(bytes, 0x00, 0x00, 0x01, 0x00)) return 'ico';
  if (startsWith(bytes, 0xff, 0x0a) || ascii(bytes, 4, 8) === 'JXL ') return 'jxl';
  return sniffIsoMedia(bytes) ?? sniffSvg(bytes);
}

/**
 * Whether a PNG is animated: an `acTL` chunk stands before the first `IDAT` (PNG specification, third edition, 11.3.6.1).
 * libpng shows such a file as its first frame, so the chunks are walked here.
 */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = ascii(bytes, at + 4, at + 8);
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
}
