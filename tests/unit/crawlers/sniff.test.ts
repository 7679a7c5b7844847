import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sniffImageMime } from '../../../crawlers/sniff.js';

const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c63' } });
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** An ISO base media file's first box. */
function ftyp(major: string, ...compatible: string[]): Buffer {
  const body = ascii(['ftyp', major, '\0\0\0\0', ...compatible].join(''));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 4);
  return Buffer.concat([size, body, ascii('\0\0\0\x08mdat')]);
}

describe('sniffImageMime', () => {
  it.each(['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff'] as const)('knows a real %s', async (format) => {
    expect(sniffImageMime(await picture.clone().toFormat(format).toBuffer())).toBe(`image/${format}`);
  });

  it.each([
    ['image/heic', ftyp('heic', 'mif1', 'heic')],
    ['image/heic', ftyp('mif1', 'mif1', 'heic')],
    ['image/avif', ftyp('mif1', 'mif1', 'avif')],
    ['image/tiff', ascii('MM\0*\0\0\0\x08')],
    ['image/bmp', Buffer.concat([ascii('BM'), Buffer.alloc(12), Buffer.from([40, 0, 0, 0])])],
    ['image/gif', ascii('GIF87a')],
  ])('knows %s by its first bytes', (mime, bytes) => {
    expect(sniffImageMime(bytes)).toBe(mime);
  });

  it.each([
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '\ufeff<?xml version="1.0"?>\n<!-- made by hand -->\n<svg >',
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd"><svg>',
    '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
    '<svg:svg xmlns:svg="http://www.w3.org/2000/svg">',
  ])('knows SVG: %s', (source) => {
    expect(sniffImageMime(Buffer.from(source))).toBe('image/svg+xml');
  });

  it('knows SVG in UTF-16', () => {
    expect(sniffImageMime(Buffer.from('\ufeff<svg>', 'utf16le'))).toBe('image/svg+xml');
  });

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html><html><body><svg></svg></body></html>'],
    ['text that begins like a bitmap', 'BMW cars are listed on this page'],
    ['a video', ftyp('isom', 'isom', 'mp41').toString('latin1')],
    ['a sound', 'RIFF\x24\0\0\0WAVEfmt '],
    ['a document', '%PDF-1.7'],
    ['half a signature', '\xff\xd8'],
    ['json', '{"error":"not found"}'],
  ])('takes %s for no picture', (_name, text) => {
    expect(sniffImageMime(ascii(text))).toBeNull();
  });

  it('reads a view into a larger buffer at its own offset', () => {
    const whole = Buffer.concat([ascii('xxxx'), ascii('GIF89a')]);
    expect(sniffImageMime(new Uint8Array(whole.buffer, whole.byteOffset + 4, 6))).toBe('image/gif');
    expect(sniffImageMime(new Uint8Array(whole.buffer, whole.byteOffset + 3, 6))).toBeNull();
  });
});
