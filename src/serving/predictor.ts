import { predictionOf, takesText, type PackageManifest } from '../../zoo/index.js';
import type { FailedPrediction, PredictionView, PredictQuery, PredictResponse } from '../http/api/predict.js';
import { GraftError } from '../runs/errors.js';
import type { InferenceHost } from './inference/inference-host.js';
import type { PackageRef, PictureAnswer } from './inference/protocol.js';
import type { PictureInput } from './picture-input.js';

/** A model as it is served: where its package lies, and what to call it. */
export interface ServedModel extends PackageRef {
  readonly id: string;
  readonly version: number | null;
  readonly manifest: PackageManifest;
}

/** What became of one picture. `unreadable` is its sender's fault, `failed` the model's. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly label: string;
      readonly confidence: number;
      readonly sketch: Float32Array | null;
    }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'failed'; readonly error: string };

export interface ObservedRequest {
  readonly model: ServedModel;
  readonly pictures: readonly Uint8Array[];
  /** In the order of the pictures. */
  readonly outcomes: readonly Outcome[];
  readonly elapsedMs: number;
}

/** Is told what was predicted. It may neither fail nor take time. */
export interface PredictionObserver {
  observed(request: ObservedRequest): void;
}
export const PREDICTION_OBSERVER = Symbol('PREDICTION_OBSERVER');

/** Predicts the pictures of one request. */
export class Predictor {
  constructor(
    private readonly host: InferenceHost,
    private readonly observer: PredictionObserver | null = null,
  ) {}

  /** @throws GraftError 422 when there is but one picture and it cannot be read; among several, it fails alone */
  async predict(
    model: ServedModel,
    inputs: readonly PictureInput[],
    query: PredictQuery,
  ): Promise<PredictResponse> {
    const readable = inputs.flatMap((input) => ('bytes' in input ? [input.bytes] : []));
    const answers = readable.length > 0 ? await this.ask(model, readable) : [];
    let next = 0;
    const predictions = inputs.map((input) =>
      'bytes' in input ? toView(model, input.file, answers[next++], query) : input,
    );
    const [first] = predictions;
    if (predictions.length === 1 && first && 'error' in first) throw badInput(first, model.manifest);
    return { model: model.id, version: model.version, dataset: model.manifest.dataset ?? null, predictions };
  }

  private async ask(model: ServedModel, pictures: readonly Uint8Array[]): Promise<PictureAnswer[]> {
    const startedAtMs = performance.now();
    const tell = (outcomes: readonly Outcome[]): void =>
      this.observer?.observed({ model, pictures, outcomes, elapsedMs: performance.now() - startedAtMs });
    try {
      const answers = await this.host.predict(model, pictures);
      tell(answers.map((answer) => outcomeOf(model, answer)));
      return answers;
    } catch (error) {
      tell(pictures.map(() => ({ kind: 'failed', error: (error as Error).message })));
      throw error;
    }
  }
}

function outcomeOf({ manifest }: ServedModel, answer: PictureAnswer): Outcome {
  if (answer.kind === 'failed') return { kind: 'unreadable' };
  const { label, confidence } = predictionOf(manifest, answer.row);
  return { kind: 'answered', label, confidence, sketch: answer.sketch };
}

function toView(
  { manifest }: ServedModel,
  file: string | null,
  answer: PictureAnswer | undefined,
  { top }: PredictQuery,
): PredictionView | FailedPrediction {
  if (!answer) throw new Error('The model gave fewer answers than it was asked for.');
  if (answer.kind === 'failed') return { file, error: { code: answer.reason, message: answer.message } };
  const { label, confidence, probabilities, unknown } = predictionOf(manifest, answer.row);
  if (top === undefined) return { file, label, confidence, probabilities, unknown };
  const best = Object.entries(probabilities)
    .sort(([, a], [, b]) => b - a)
    .slice(0, top);
  return {
    file,
    label,
    confidence,
    probabilities: Object.fromEntries(best),
    unknown,
    top: best.map(([name, share]) => ({ label: name, confidence: share })),
  };
}

/** Why the one picture or text of a request got no answer. */
export function badInput({ file, error }: FailedPrediction, { input }: PackageManifest): GraftError {
  const wanted = takesText(input)
    ? { code: 'bad-text', what: 'The text', fix: 'Send {"text": "..."}, some words in UTF-8.' }
    : {
        code: 'bad-picture',
        what: 'The picture',
        fix: 'Send a whole JPEG, PNG, WebP, GIF, TIFF or AVIF picture.',
      };
  return new GraftError({
    code: wanted.code,
    message: `${file ?? wanted.what} cannot be read: ${error.message} (${error.code})`,
    fix: wanted.fix,
    status: 422,
  });
}
