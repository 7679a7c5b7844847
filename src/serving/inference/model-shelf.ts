import type { PackageRef } from './protocol.js';

/** An opened model, and how to give it back. */
export interface Lease<T> {
  readonly model: T;
  /** To be called once, when the model is not used any more by whoever took it. */
  release(): void;
}

interface Slot<T> {
  readonly opening: Promise<T>;
  users: number;
  /** Off the shelf: closed as soon as the last user has given it back. */
  dropped: boolean;
}

export interface Closable {
  close(): Promise<void>;
}

/**
 * Keeps opened models, so that a prediction does not pay for loading. Over the cap the one unused for longest goes; a model in
 * use is closed only when its last user is done, so nobody loses an answer to a swap.
 */
export class ModelShelf<T extends Closable> {
  /** By content, in the order of use, the latest last. */
  private readonly slots = new Map<string, Slot<T>>();

  constructor(
    private readonly open: (from: PackageRef) => Promise<T>,
    private readonly cap: number,
  ) {}

  /** Opens a model, or gives the one that is open. A failed opening is forgotten, so that a retry may succeed. */
  async lease(from: PackageRef): Promise<Lease<T>> {
    const { digest } = from;
    const slot = this.slots.get(digest) ?? this.put(from);
    this.slots.delete(digest);
    this.slots.set(digest, slot);
    slot.users += 1;
    this.dropSurplus();
    try {
      const model = await slot.opening;
      return { model, release: () => this.release(slot) };
    } catch (error) {
      if (this.slots.get(digest) === slot) this.slots.delete(digest);
      throw error;
    }
  }

  /** Digests of what is on the shelf, the one unused for longest first. */
  digests(): string[] {
    return [...this.slots.keys()];
  }

  async close(): Promise<void> {
    const slots = [...this.slots.values()];
    this.slots.clear();
    for (const slot of slots) await (await slot.opening.catch(() => null))?.close();
  }

  private put(from: PackageRef): Slot<T> {
    const slot: Slot<T> = { opening: this.open(from), users: 0, dropped: false };
    this.slots.set(from.digest, slot);
    return slot;
  }

  private dropSurplus(): void {
    for (const digest of [...this.slots.keys()].slice(0, -this.cap)) {
      const slot = this.slots.get(digest);
      this.slots.delete(digest);
      if (!slot) continue;
      slot.dropped = true;
      if (slot.users === 0) void this.discard(slot);
    }
  }

  private release(slot: Slot<T>): void {
    slot.users -= 1;
    if (slot.dropped && slot.users === 0) void this.discard(slot);
  }

  private async discard(slot: Slot<T>): Promise<void> {
    await (await slot.opening.catch(() => null))?.close();
  }
}
