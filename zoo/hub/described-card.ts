import type { BackboneCard } from '../backbones/card.js';
import type { InputSpec } from '../preprocess/input-spec.js';
import { HubError } from './errors.js';
import { lockedOf } from './fetch-weights.js';
import { openUrl, readText, refused } from './http.js';
import { addToLock, type ZooLockEntry } from './lock-file.js';
import { DESCRIPTIONS, type InputHints } from './preprocessing.js';

/** Far more than a list of 21 000 names of categories needs. */
const MAX_DESCRIPTION_BYTES = 8 * 1024 * 1024;

type Description = NonNullable<ZooLockEntry['described']>;

function understand({ name: by, read }: (typeof DESCRIPTIONS)[number], text: string): Description {
  try {
    const input = read(JSON.parse(text));
    return input ? { by, ignored: null, input } : { by: null, ignored: null, input: {} };
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is no JSON' : 'has values of an unknown kind';
    return { by: null, ignored: `${by} ${what}`, input: {} };
  }
}

/** The text of a file of a hub; null where there is no such file. */
async function fetchDescription(url: string, signal?: AbortSignal): Promise<string | null> {
  const opened = await openUrl(url, {}, signal);
  if (opened.status !== 200 && opened.status !== 404) throw refused(url, opened.status);
  const text = await readText(url, opened, MAX_DESCRIPTION_BYTES);
  return opened.status === 404 ? null : text;
}

const isTooLarge = (error: unknown): boolean => error instanceof HubError && error.reason === 'bad-zoo-file';

async function askHub(base: string, signal?: AbortSignal): Promise<Description> {
  for (const known of DESCRIPTIONS) {
    try {
      const text = await fetchDescription(`${base}${known.name}`, signal);
      if (text !== null) return understand(known, text);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      return { by: null, ignored: `${known.name} is too large`, input: {} };
    }
  }
  return { by: null, ignored: null, input: {} };
}

/** A resize that is stated replaces the whole of the card's, its share too. */
function joined(card: InputSpec, stated: InputHints): InputSpec {
  const { cropShare: _replaced, ...rest } = card;
  return stated.resize === undefined ? { ...card, ...stated } : { ...rest, ...stated };
}

const written = (value: unknown): string => JSON.stringify(value) ?? 'none';

function differences(before: InputSpec, after: InputSpec): string[] {
  const keys = Object.keys({ ...before, ...after }) as (keyof InputSpec)[];
  return keys
    .filter((key) => written(before[key]) !== written(after[key]))
    .map((key) => `${key} ${written(after[key])} instead of ${written(before[key])}`);
}

function withDescription(card: BackboneCard, { by, ignored, input }: Description): BackboneCard {
  if (ignored !== null)
    return { ...card, inputRemark: `The hub's ${ignored}: pictures are prepared as the card says.` };
  const described = joined(card.input, input);
  const changes = differences(card.input, described);
  if (changes.length === 0) return card;
  return { ...card, input: described, inputRemark: `As the hub's ${by} says: ${changes.join(', ')}.` };
}

/** A card with what is locked of how pictures are prepared. @throws HubError as {@link lockedOf} */
export async function lockedCard(card: BackboneCard, cacheDir: string): Promise<BackboneCard> {
  const { id, weights } = card;
  if (weights.kind !== 'download' || weights.describedAt === undefined) return card;
  const locked = await lockedOf(id, weights, cacheDir);
  return locked?.described ? withDescription(card, locked.described) : card;
}

/** A card as its hub describes it. */
export interface DescribedCard {
  readonly card: BackboneCard;
  /** Keeps to what the hub said from now on; to be called when the network was seen to take such pictures. */
  readonly lock: () => Promise<void>;
  /** The card as it is, for a network that does not take such pictures; null where the hub said nothing new. */
  readonly otherwise: DescribedCard | null;
}

/**
 * Asks the hub how pictures are prepared, where nothing is locked yet. What it says is locked beside the checksum, so that later
 * installations and other machines do the same.
 *
 * @throws HubError where the hub cannot be asked; a file that cannot be understood is a remark.
 */
export async function describedCard(
  card: BackboneCard,
  cacheDir: string,
  signal?: AbortSignal,
): Promise<DescribedCard> {
  const { id, weights } = card;
  const asIs = { card, lock: () => Promise.resolve(), otherwise: null };
  if (weights.kind !== 'download' || weights.describedAt === undefined) return asIs;
  const locked = await lockedOf(id, weights, cacheDir);
  if (locked?.described) return { ...asIs, card: withDescription(card, locked.described) };
  const toldBy = (described: Description): DescribedCard => ({
    card: withDescription(card, described),
    lock: () => addToLock(cacheDir, id, { url: weights.url, described }),
    otherwise: null,
  });
  const described = await askHub(weights.describedAt, signal);
  if (described.by === null) return toldBy(described);
  const ignored = `${described.by} asks for pictures that the network does not take`;
  return { ...toldBy(described), otherwise: toldBy({ by: null, ignored, input: {} }) };
}
