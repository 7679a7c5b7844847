import type { LimitFunction } from 'p-limit';
import type { Seen, OpenPackage } from '../../../zoo/index.js';

/** The part of an open package that batching needs. */
export type BatchModel = Pick<OpenPackage, 'prepare' | 'look'>;

export interface BatchOptions {
  /** Pictures that go through the network together at most. */
  readonly maxBatch: number;
  /** How long a picture that is ready waits for others that are still being decoded. */
  readonly maxWaitMs: number;
  /** Bounds the pictures that are decoded at once, over all models. */
  readonly decoding: LimitFunction;
}

interface Ready {
  readonly pixels: Uint8Array;
  readonly resolve: (look: Seen) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the pictures that are waiting into batches. A lone picture is run at once; one that has company on its way, still
 * being decoded, waits for it, but not long.
 */
export class PictureBatcher {
  private readonly ready: Ready[] = [];
  private onTheWay = 0;
  private running = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly model: BatchModel,
    private readonly options: BatchOptions,
  ) {}

  /** What the model says of one encoded picture. @throws ImageError when it cannot be decoded */
  async predict(picture: Uint8Array): Promise<Seen> {
    this.onTheWay += 1;
    const pixels = await this.options
      .decoding(() => this.model.prepare(picture))
      .finally(() => (this.onTheWay -= 1))
      .catch((error: unknown) => {
        this.wake(); // whoever waited for this picture need not any more
        throw error;
      });
    return new Promise((resolve, reject) => {
      this.ready.push({ pixels, resolve, reject });
      this.wake();
    });
  }

  private wake(): void {
    if (this.running || this.ready.length === 0) return;
    const worthWaiting = this.onTheWay > 0 && this.ready.length < this.options.maxBatch;
    if (!worthWaiting) void this.run();
    else this.timer ??= setTimeout(() => void this.run(), this.options.maxWaitMs);
  }

  private async run(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.running) return;
    this.running = true;
    const batch = this.ready.splice(0, this.options.maxBatch);
    try {
      const looks = await this.model.look(batch.map(({ pixels }) => pixels));
      batch.forEach(({ resolve, reject }, i) => {
        const look = looks[i];
        if (look) resolve(look);
        else reject(new Error('The model gave no answer.'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.running = false;
      this.wake();
    }
  }
}
