import { readFile } from 'node:fs/promises';
import type { BackboneCard, InstalledBackbone } from '../backbones/card.js';
import { GraphError } from '../errors.js';
import { primaryOutput } from '../graph/cuts.js';
import { IMAGE_INPUT, withImageInput } from '../graph/image-input.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { structureOf } from '../graph/structure.js';
import { extract } from '../graph/surgery.js';
import type { Matrix } from '../matrix.js';
import type { Geometry } from '../preprocess/input-spec.js';
import { openSession } from '../runtimes/onnx.js';
import { joinImages } from './extractor.js';

/** A network that is asked for the answer it was trained to give. */
export interface Classifier {
  /** What each column of an answer is the probability of. */
  readonly labels: readonly string[];
  /**
   * @param images RGB8, height x width x 3, of the size and fit that `classifierGeometry` says.
   * @returns a row an image, a column a label.
   */
  readonly run: (images: readonly Uint8Array[]) => Promise<Matrix>;
  close(): Promise<void>;
}

function factsOf({ id, classifier }: BackboneCard): NonNullable<BackboneCard['classifier']> {
  if (!classifier) throw new GraphError(`Backbone "${id}" says nothing of what its own answer means.`);
  return classifier;
}

/** How a picture has to be cut and scaled for a network's own answer. @throws GraphError when its card has no classifier */
export function classifierGeometry(card: BackboneCard): Geometry {
  const { width, height, kernel } = card.input;
  return { width, height, kernel, resize: factsOf(card).resize };
}

/**
 * Opens a backbone for its own answer rather than for its features.
 *
 * @param threads inside one operator; all cores where left out
 * @throws GraphError when its card has no classifier, or its answer has not as many numbers as the card has labels
 */
export async function openClassifier(installed: InstalledBackbone, threads?: number): Promise<Classifier> {
  const { card, modelPath } = installed;
  const { labels } = factsOf(card);
  const model = readModel(await readFile(modelPath));
  const output = primaryOutput(structureOf(model));
  const network = withImageInput(extract(model, [output]), card.input);
  const session = await openSession(writeModel(network), { threads });
  return {
    labels,
    async run(images) {
      const { height, width } = card.input;
      const answer = (await session.run({ [IMAGE_INPUT]: joinImages(images, height, width) }))[output];
      if (answer?.type !== 'float32' || answer.data.length !== images.length * labels.length) {
        throw new GraphError(`The answer of "${card.id}" is not ${labels.length} numbers a picture.`);
      }
      return { rows: images.length, cols: labels.length, data: answer.data };
    },
    close: () => session.close(),
  };
}
