const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

const step = (hash: number, byte: number): number => Math.imul(hash ^ byte, PRIME);

/**
 * FNV-1a, 32 bits, over the UTF-8 bytes of a text: a dozen lines in any language, so that every client of a package can
 * compute the same.
 */
export function hashText(text: string): number {
  let hash = OFFSET;
  for (let at = 0; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code < 0x80) {
      hash = step(hash, code);
      continue;
    }
    code = text.codePointAt(at) as number;
    if (code > 0xffff) at++;
    for (const byte of utf8(code)) hash = step(hash, byte);
  }
  return hash >>> 0;
}

function utf8(code: number): number[] {
  const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)];
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
}
