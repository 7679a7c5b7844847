import type { SlabPool } from './slab-pool.js';

/** Where a body of unannounced length starts; the most a socket gives at once. */
const FIRST_BYTES = 64 * 1024;

/** From here on a body gets a slab. What was only announced gets none: a promise takes nothing from the others. */
const LARGE_BYTES = 1024 * 1024;

/** A whole body. */
export interface Body {
  bytes: Uint8Array;
  /** Of large bodies: gives the memory to the next one, so that `bytes` must not be looked at again. */
  release?: () => void;
}

/**
 * One growing buffer for a body. Chunks are copied in as they come, so that nothing is held twice: a list of chunks
 * joined in the end would need twice the body's size.
 */
export class BodyBuffer {
  private buffer: Buffer;
  private slab: Buffer | null = null;
  private sizeBytes = 0;

  /** @param maxBytes never holds more */
  constructor(
    private readonly slabs: SlabPool,
    announcedBytes: number | null,
    private readonly maxBytes: number,
  ) {
    const known = announcedBytes !== null && announcedBytes < LARGE_BYTES;
    this.buffer = Buffer.allocUnsafeSlow(known ? Math.min(announcedBytes, maxBytes) : 0);
  }

  get length(): number {
    return this.sizeBytes;
  }

  /** Makes room for that many more bytes. @returns null when there is room, else a promise of it */
  reserve(bytes: number, signal: AbortSignal): Promise<void> | null {
    const needed = this.sizeBytes + bytes;
    if (needed <= this.buffer.length) return null;
    if (needed > LARGE_BYTES && this.maxBytes <= this.slabs.slabBytes) return this.moveToSlab(signal);
    const capacity = Math.max(FIRST_BYTES, needed, 2 * this.buffer.length);
    this.moveTo(Buffer.allocUnsafeSlow(Math.min(this.maxBytes, capacity)));
    return null;
  }

  /** Appends; there must be room. */
  append(chunk: Uint8Array): void {
    this.buffer.set(chunk, this.sizeBytes);
    this.sizeBytes += chunk.length;
  }

  /** What has come so far, not copied. */
  view(endBytes = this.sizeBytes): Uint8Array {
    return this.buffer.subarray(0, Math.min(endBytes, this.sizeBytes));
  }

  /** The whole body; a small one is copied when its buffer is much too large for it. */
  finish(): Body {
    const { slab, slabs } = this;
    if (slab) {
      slabs.complete();
      return { bytes: this.view(), release: () => slabs.giveBack(slab) };
    }
    const waste = this.buffer.length - this.sizeBytes;
    return { bytes: waste > this.sizeBytes / 4 ? Buffer.from(this.view()) : this.view() };
  }

  /** Ends a body that nobody wants. */
  drop(): void {
    if (!this.slab) return;
    this.slabs.complete();
    this.slabs.giveBack(this.slab);
  }

  private moveToSlab(signal: AbortSignal): Promise<void> | null {
    const slab = this.slabs.take(signal);
    if (slab instanceof Promise) return slab.then((given) => this.useSlab(given));
    this.useSlab(slab);
    return null;
  }

  private useSlab(slab: Buffer): void {
    this.slab = slab;
    this.moveTo(slab);
  }

  private moveTo(larger: Buffer): void {
    this.buffer.copy(larger, 0, 0, this.sizeBytes);
    this.buffer = larger;
  }
}
