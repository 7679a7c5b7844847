import { createRequire } from 'node:module';
import { hammingDistance, type Hash64 } from '../../src/dataset/dedupe/hash64.js';
import type { BenchFile } from './photos.js';

const require = createRequire(import.meta.url);

/** A library that turns a picture into bits; null where it cannot read the picture. */
export interface Peer {
  readonly id: string;
  /** Distance below which its own documentation calls two pictures one; null where it names none. */
  readonly documentedMax: number | null;
  readonly maxDistance: number;
  hash(file: BenchFile): Promise<Hash64 | null>;
}

const fromBits = (bits: string): Hash64 => ({
  high: Number.parseInt(bits.slice(0, 32), 2),
  low: Number.parseInt(bits.slice(32, 64), 2),
});

const sharpPhash = require('sharp-phash') as (bytes: Buffer) => Promise<string>;
const imghash = require('imghash') as {
  hash(bytes: Buffer, bits: number, format: 'binary'): Promise<string>;
};

/** Its README: "assert(dist(hash1, hash2) < 5)". */
const phashPeer: Peer = {
  id: 'sharp-phash',
  documentedMax: 4,
  maxDistance: 20,
  hash: async ({ bytes }) => fromBits(await sharpPhash(bytes)),
};

/** blockhash, here of 8 x 8 bits as the others. */
const blockhashPeer: Peer = {
  id: 'imghash',
  documentedMax: null,
  maxDistance: 20,
  hash: ({ bytes }) =>
    imghash.hash(bytes, 8, 'binary').then(
      (bits) => fromBits(bits),
      () => null,
    ),
};

export const PEERS: readonly Peer[] = [phashPeer, blockhashPeer];

/** A picture with the group it was put in; a group is named by the picture it began with. */
export type Grouping = ReadonlyMap<string, string>;

/** Stars around the first of each group, largest file first, as Graft groups: only the distance differs. */
export function groupByDistance(
  files: readonly { readonly id: string; readonly bytes: Buffer; readonly hash: Hash64 | null }[],
  max: number,
): Grouping {
  const grouping = new Map<string, string>();
  const keepers: { id: string; hash: Hash64 }[] = [];
  for (const { id, hash } of [...files].sort((a, b) => b.bytes.length - a.bytes.length)) {
    const near = hash && nearest(keepers, hash, max);
    grouping.set(id, near ?? id);
    if (hash && !near) keepers.push({ id, hash });
  }
  return grouping;
}

function nearest(keepers: readonly { id: string; hash: Hash64 }[], hash: Hash64, max: number): string | null {
  let best: string | null = null;
  let least = max + 1;
  for (const keeper of keepers) {
    const distance = hammingDistance(keeper.hash, hash);
    if (distance < least) [best, least] = [keeper.id, distance];
  }
  return best;
}
