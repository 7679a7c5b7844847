import pLimit from 'p-limit';
import { rasteriseSvg, reencodeImage } from '../../zoo/index.js';
import { ByteCache } from './byte-cache.js';
import { composeSvg, type Look } from './look.js';
import { THUMBNAIL_PX } from './plants.js';
import type { Result } from './results.js';

export interface RendererLimits {
  /** Pictures drawn at the same time. */
  readonly concurrency: number;
  /** Pictures that may wait for their turn. */
  readonly maxWaiting: number;
  readonly cacheBytes: number;
}

export const RENDERER_LIMITS: RendererLimits = {
  concurrency: 2,
  maxWaiting: 256,
  cacheBytes: 32 * 1024 * 1024,
};

/** Too many pictures wait to be drawn; asking again a little later helps. */
export class BusyError extends Error {
  constructor() {
    super('Too many pictures are waiting to be drawn. Ask again in a second.');
    this.name = 'BusyError';
  }
}

function thumbnailSize({ width, height }: Look): { width: number; height: number } {
  const scale = THUMBNAIL_PX / Math.max(width, height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function draw({ picture, look, plant }: Result): Promise<Buffer> {
  const size = plant === 'thumbnail' ? thumbnailSize(look) : look;
  return rasteriseSvg(composeSvg(picture.drawing, look), size, '#ffffff', look);
}

/** Turns results into encoded pictures, a few at a time, and remembers the latest. */
export class Renderer {
  private readonly cache: ByteCache;
  private readonly limit;
  private readonly underWay = new Map<string, Promise<Buffer>>();

  constructor(private readonly limits: RendererLimits = RENDERER_LIMITS) {
    this.cache = new ByteCache(limits.cacheBytes);
    this.limit = pLimit(limits.concurrency);
  }

  /** The picture's bytes; who asks for the same one meanwhile shares the work. Rejects with BusyError when too many wait. */
  async render(result: Result): Promise<Buffer> {
    const { copyOf, plant, id } = result;
    if (copyOf && plant === 'exact-copy') return this.render(copyOf);
    const bytes = this.cache.get(id) ?? this.underWay.get(id);
    return bytes ?? this.start(result);
  }

  private start(result: Result): Promise<Buffer> {
    if (this.limit.pendingCount >= this.limits.maxWaiting) return Promise.reject(new BusyError());
    const work = this.make(result).finally(() => this.underWay.delete(result.id));
    this.underWay.set(result.id, work);
    return work;
  }

  private async make(result: Result): Promise<Buffer> {
    const { copyOf, look, id } = result;
    // The original is drawn outside the copy's own turn: a copy that waits for its original inside one could block all turns.
    const original = copyOf ? await this.render(copyOf) : null;
    const bytes = await this.limit(() => (original ? reencodeImage(original, look, look) : draw(result)));
    this.cache.set(id, bytes);
    return bytes;
  }
}
