import { createHash } from 'node:crypto';

/** What a hash of the parts says: the same parts give the same answer on every machine and in every version of Node. */
function sha256(parts: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(parts.join('\u0000')).digest();
}

/** A number in [0, 1) decided by the parts. */
export function unitOf(...parts: (string | number)[]): number {
  return sha256(parts).readUIntBE(0, 6) / 2 ** 48;
}

/** An opaque name of 12 hex digits decided by the parts. */
export function opaqueId(...parts: (string | number)[]): string {
  return sha256(parts).toString('hex', 0, 6);
}
