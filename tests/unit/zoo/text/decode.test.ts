import { expect, test } from 'vitest';
import { decodeText, TextError } from '../../../../zoo/text/decode.js';

const reasonOf = (bytes: Uint8Array): string | null => {
  try {
    decodeText(bytes);
    return null;
  } catch (error) {
    if (error instanceof TextError) return error.reason;
    throw error;
  }
};

test.each([
  ['', 'empty'],
  [' \n\t', 'empty'],
  ['… — .', 'no-words'],
  ['a\u0000b', 'binary'],
  ['x'.repeat(70_000), 'too-long'],
  ['fine', null],
  ['line one\nline two', null],
  ['映画', null],
])('%j: %s', (text, reason) => {
  expect(reasonOf(Buffer.from(text))).toBe(reason);
});

test('what is not UTF-8 is told; a byte order mark is not part of the text', () => {
  expect(reasonOf(Uint8Array.of(0xc3, 0x28))).toBe('broken-text');
  expect(reasonOf(Buffer.from('naïve', 'latin1'))).toBe('broken-text');
  expect(decodeText(Buffer.from('\uFEFFgood'))).toBe('good');
});
