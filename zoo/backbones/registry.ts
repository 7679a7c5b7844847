import { UnknownBackboneError } from '../errors.js';
import type { BackboneCard } from './card.js';
import { humanCenternet } from './human-centernet.js';
import { humanMovenet } from './human-movenet.js';
import { nsfwjsInceptionV3 } from './nsfwjs-inception-v3.js';
import { nsfwjsMobilenetV2Mid } from './nsfwjs-mobilenet-v2-mid.js';
import { nsfwjsMobilenetV2 } from './nsfwjs-mobilenet-v2.js';

/** All backbones of the zoo. To add one: a card in a file of its own, and a line here. */
export const backbones: readonly BackboneCard[] = [
  nsfwjsMobilenetV2,
  nsfwjsInceptionV3,
  nsfwjsMobilenetV2Mid,
  humanCenternet,
  humanMovenet,
];

/**
 * The card of a backbone.
 *
 * @throws UnknownBackboneError, which lists the known ids.
 */
export function getBackbone(id: string): BackboneCard {
  const card = backbones.find((candidate) => candidate.id === id);
  if (!card)
    throw new UnknownBackboneError(
      id,
      backbones.map((candidate) => candidate.id),
    );
  return card;
}
