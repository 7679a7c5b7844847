import { createHash } from 'node:crypto';
import path from 'node:path';
import type { BackboneCard } from '../backbones/card.js';
import type { InputSpec } from '../preprocess/input-spec.js';
import { HubError } from './errors.js';
import type { LocalCard } from './local-cards.js';
import { writeLocalCard } from './local-cards.js';
import type { InputHints } from './preprocessing.js';
import { COMMON_INPUT, notStated, type ReadNetwork } from './read-network.js';

/** What was made of a network, and how its preprocessing came to be known. */
export interface AddedNetwork {
  readonly card: BackboneCard;
  /** The file the preprocessing was read from; null when there was none. */
  readonly preprocessing: string | null;
  /** Settings nobody stated, which stand at common values: a person should look at them. */
  readonly assumed: readonly (keyof InputSpec)[];
}

/** A wrong size is no question of accuracy, as the other settings are: it is not guessed. */
function complete(hints: InputHints): InputSpec {
  const { height, width, layout } = hints;
  if (!height || !width || !layout) {
    throw new HubError(
      'bad-zoo-file',
      'The size of the input is not known: say it with --size, such as --size 224.',
    );
  }
  return { ...COMMON_INPUT, ...hints, height, width, layout };
}

/**
 * Makes a card of a network and keeps both with the backbones of this machine. What nobody stated of its input stands at
 * common values, and is named in the answer.
 *
 * @param cacheDir the folder that `installBackbone` is given.
 * @param answers what a person said of the input when asked for what was not stated.
 * @throws HubError where the size of the input is not known.
 */
export async function addNetwork(
  network: ReadNetwork,
  cacheDir: string,
  answers: InputHints = {},
): Promise<AddedNetwork> {
  const { request, id, bytes, found } = network;
  const hints = { ...network.hints, ...answers };
  const input = complete(hints);
  const card: LocalCard = {
    id,
    title: request.title ?? id,
    family: found?.teachableMachine === true ? 'Teachable Machine' : (request.title ?? id),
    licence: request.licence ?? 'not stated',
    origin: path.resolve(request.path),
    pretrainedOn: 'not stated',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input,
  };
  return {
    card: await writeLocalCard(cacheDir, card, bytes),
    preprocessing: found?.file ?? null,
    assumed: notStated(hints),
  };
}
