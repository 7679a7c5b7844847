import { Buffer } from 'node:buffer';

const ASCII = 'latin1';

interface Signature {
  mime: string;
  matches(head: Buffer): boolean;
}

const startsWith =
  (...bytes: number[]) =>
  (head: Buffer): boolean =>
    bytes.every((byte, at) => head[at] === byte);

const text = (head: Buffer, from: number, to: number): string => head.toString(ASCII, from, to);

/** Brands of an ISO base media file: the major one, then the compatible ones up to the end of the ftyp box. */
function brands(head: Buffer): string[] {
  if (head.length < 12 || text(head, 4, 8) !== 'ftyp') return [];
  const end = Math.min(head.readUInt32BE(0), head.length);
  const found = [text(head, 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) found.push(text(head, at, at + 4));
  return found;
}

const AVIF_BRANDS: ReadonlySet<string> = new Set(['avif', 'avis']);
const HEIC_BRANDS: ReadonlySet<string> = new Set([
  'heic',
  'heix',
  'hevc',
  'hevx',
  'heim',
  'heis',
  'mif1',
  'msf1',
]);

const hasBrand =
  (wanted: ReadonlySet<string>) =>
  (head: Buffer): boolean =>
    brands(head).some((brand) => wanted.has(brand));

/** 'BM', then a header size that exists and a file size field that is not absurd for a text starting with BM. */
function isBmp(head: Buffer): boolean {
  if (head.length < 18 || text(head, 0, 2) !== 'BM') return false;
  return [12, 16, 40, 52, 56, 64, 108, 124].includes(head.readUInt32LE(14));
}

/** An svg element after nothing but a byte order mark, white space, an XML declaration, comments and a doctype. */
function isSvg(head: Buffer): boolean {
  const utf16 = head[0] === 0xff && head[1] === 0xfe;
  const source = (utf16 ? head.toString('utf16le') : head.toString('utf8')).replace(/^\ufeff/, '');
  const rest = source.replace(
    /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*(?:\[[\s\S]*?\]\s*)?>)+/i,
    '',
  );
  return /^<(?:\w+:)?svg[\s>/]/i.test(rest);
}

/** AVIF comes before HEIC, since AVIF files also name the brand mif1. */
const SIGNATURES: readonly Signature[] = [
  { mime: 'image/jpeg', matches: startsWith(0xff, 0xd8, 0xff) },
  { mime: 'image/png', matches: startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { mime: 'image/gif', matches: (head) => /^GIF8[79]a/.test(text(head, 0, 6)) },
  { mime: 'image/webp', matches: (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP' },
  { mime: 'image/avif', matches: hasBrand(AVIF_BRANDS) },
  { mime: 'image/heic', matches: hasBrand(HEIC_BRANDS) },
  { mime: 'image/tiff', matches: startsWith(0x49, 0x49, 0x2a, 0x00) },
  { mime: 'image/tiff', matches: startsWith(0x4d, 0x4d, 0x00, 0x2a) },
  { mime: 'image/bmp', matches: isBmp },
  { mime: 'image/svg+xml', matches: isSvg },
];

/** No more than this is looked at. */
const HEAD_BYTES = 4096;

/**
 * The picture format by its magic bytes, whatever a header or a file name says.
 * @returns a MIME type (jpeg, png, gif, webp, avif, heic, tiff, bmp, svg+xml) or `null`
 */
export function sniffImageMime(bytes: Uint8Array): string | null {
  const size = Math.min(bytes.byteLength, HEAD_BYTES);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, size);
  return SIGNATURES.find((signature) => signature.matches(head))?.mime ?? null;
}
