import { raceAbort } from './abort.js';

/**
 * Memory of large bodies, shared by all that are in flight: so many slabs, each as large as a body may be. A body takes
 * one when it has shown to be large; when all are taken it waits, and its server with it, by back-pressure. Since nobody
 * waits for a second one, nobody waits for ever.
 *
 * Slabs are used again. The garbage collector is slow to see memory outside its heap: without this, a crawl of large
 * pictures drags hundreds of megabytes of dead ones along.
 */
export class SlabPool {
  private readonly free: Buffer[] = [];
  private readonly waiting: (() => void)[] = [];
  private taken = 0;

  /**
   * @param slabBytes size of each
   * @param maxSlabs how many are written to at the same time
   */
  constructor(
    readonly slabBytes: number,
    private readonly maxSlabs: number,
  ) {}

  /** A slab, or a promise of one. The promise rejects with the signal's reason, holding nothing. */
  take(signal: AbortSignal): Buffer | Promise<Buffer> {
    if (this.taken >= this.maxSlabs) return this.wait(signal);
    this.taken++;
    return this.next();
  }

  /**
   * Lets the next body in: this slab is complete. It may still be looked at until it is given back; the next body waits
   * a turn of the event loop, since most are given back by then.
   */
  complete(): void {
    setImmediate(() => {
      const enter = this.waiting.shift();
      if (enter) enter();
      else this.taken--;
    });
  }

  /** Takes a slab that nobody looks at any more; one that is never given back is left to the garbage collector. */
  giveBack(slab: Buffer): void {
    if (this.free.length < this.maxSlabs && !this.free.includes(slab)) this.free.push(slab);
  }

  private next(): Buffer {
    return this.free.pop() ?? Buffer.allocUnsafeSlow(this.slabBytes);
  }

  private async wait(signal: AbortSignal): Promise<Buffer> {
    let enter = (): void => undefined;
    const entered = new Promise<void>((resolve) => (enter = resolve));
    this.waiting.push(enter);
    try {
      await raceAbort(entered, signal);
    } catch (error) {
      const at = this.waiting.indexOf(enter);
      // Let in at the very moment of the abort: the place goes to the next.
      if (at < 0) this.complete();
      else this.waiting.splice(at, 1);
      throw error;
    }
    return this.next();
  }
}
