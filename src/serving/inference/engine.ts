import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import {
  InputError,
  openPackage,
  overlayHeat,
  pictureSpec,
  proveGolden,
  type OpenPackage,
} from '../../../zoo/index.js';
import { ModelShelf } from './model-shelf.js';
import { PictureBatcher } from './picture-batcher.js';
import type {
  Ask,
  AskMap,
  ExplainAnswer,
  ExplainAsk,
  InferenceSettings,
  PictureAnswer,
  PredictAsk,
  WarmAsk,
} from './protocol.js';

/** On a CPU larger batches are slower a picture: their activations fall out of the caches. Measured: docs/serving.md. */
const MAX_BATCH = 4;
const MAX_WAIT_MS = 4;

interface Shelved {
  readonly model: OpenPackage;
  readonly batcher: PictureBatcher;
  close(): Promise<void>;
}

/** Decodes and predicts, with several models in memory. Lives in the inference child. */
export class InferenceEngine {
  private readonly shelf: ModelShelf<Shelved>;

  constructor(settings: InferenceSettings) {
    const threads = settings.threads ?? availableParallelism();
    const decoding = pLimit(threads + 1);
    this.shelf = new ModelShelf(async ({ folder, digest }) => {
      const model = await openPackage(folder, { digest, threads, yielding: true });
      await model.probabilities([model.blank()]);
      const batcher = new PictureBatcher(model, { maxBatch: MAX_BATCH, maxWaitMs: MAX_WAIT_MS, decoding });
      return { model, batcher, close: () => model.close() };
    }, settings.modelsInMemory);
  }

  answer(ask: Ask): Promise<AskMap[Ask['kind']]['answer']> {
    if (ask.kind === 'warm') return this.warm(ask);
    return ask.kind === 'explain' ? this.explain(ask) : this.predict(ask);
  }

  close(): Promise<void> {
    return this.shelf.close();
  }

  private async warm({ from, prove }: WarmAsk): Promise<null> {
    const lease = await this.shelf.lease(from);
    try {
      if (prove) await proveGolden(from.folder, lease.model.model);
      return null;
    } finally {
      lease.release();
    }
  }

  private async explain({ from, picture, label }: ExplainAsk): Promise<ExplainAnswer> {
    const lease = await this.shelf.lease(from);
    try {
      const { model } = lease.model;
      const map = await model.explain(picture, label ?? undefined);
      return { kind: 'explained', map, png: await overlayHeat(picture, pictureSpec(model.manifest), map) };
    } catch (error) {
      return failureOf(error);
    } finally {
      lease.release();
    }
  }

  private async predict({ from, pictures }: PredictAsk): Promise<PictureAnswer[]> {
    const lease = await this.shelf.lease(from);
    try {
      return await Promise.all(pictures.map((picture) => predictOne(lease.model.batcher, picture)));
    } finally {
      lease.release();
    }
  }
}

async function predictOne(batcher: PictureBatcher, picture: Uint8Array): Promise<PictureAnswer> {
  try {
    return { kind: 'predicted', ...(await batcher.predict(picture)) };
  } catch (error) {
    return failureOf(error);
  }
}

/** @throws what is no fault of the picture */
function failureOf(error: unknown): { kind: 'failed'; reason: string; message: string } {
  if (error instanceof InputError)
    return { kind: 'failed', reason: String(error.reason), message: error.message };
  throw error;
}
