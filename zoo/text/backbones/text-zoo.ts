import { UnknownBackboneError } from '../../errors.js';
import type { CardSource, ZooOptions } from '../../hub/load-zoo.js';
import { readMirror } from '../../hub/mirror.js';
import type { TextCard } from './card.js';
import { findPublished } from './prepare.js';
import { publishedTextBackbones } from './published.js';
import { defaultTextBackbones, textBackbones } from './registry.js';

/** A text backbone and where its card comes from; `embedded` ones are learnt from the texts of a run. */
export interface TextEntry {
  readonly card: TextCard;
  readonly source: CardSource;
}

/** All text backbones there are for this machine. */
export interface TextZoo {
  readonly entries: readonly TextEntry[];
  /** What went wrong without harm, such as a mirror that does not answer. */
  readonly warnings: readonly string[];
  /** @throws UnknownBackboneError, which lists the known ids */
  get(id: string): TextCard;
  /** Ids that are searched when none are named: the usual own ones, those of the mirror, and those of a hub that are installed. */
  defaults(): Promise<string[]>;
}

const entriesOf = (source: CardSource, cards: readonly TextCard[]): TextEntry[] =>
  cards.map((card) => ({ card, source }));

/**
 * Joins the text backbones made of a run's own texts with the sentence encoders of a mirror and of public hubs; the first of an id counts,
 * in that order.
 *
 * @throws HubError when a mirror was never reached, or its list cannot be read
 */
export async function loadTextZoo({ mirror, cacheDir }: ZooOptions): Promise<TextZoo> {
  const { texts, warning } =
    mirror === null ? { texts: [], warning: null } : await readMirror(mirror, cacheDir);
  const all = [
    ...entriesOf('embedded', textBackbones),
    ...entriesOf('mirror', texts),
    ...entriesOf('hub', publishedTextBackbones),
  ];
  const entries = all.filter(({ card }, at) => all.findIndex((other) => other.card.id === card.id) === at);
  const isDefault = async ({ card, source }: TextEntry): Promise<boolean> => {
    if (source === 'embedded') return defaultTextBackbones.includes(card.id);
    return source === 'mirror' || (await findPublished(card, cacheDir)) !== null;
  };
  return {
    entries,
    warnings: warning === null ? [] : [warning],
    get(id) {
      const found = entries.find(({ card }) => card.id === id);
      if (found) return found.card;
      throw new UnknownBackboneError(
        id,
        entries.map(({ card }) => card.id),
      );
    },
    async defaults() {
      const searched = await Promise.all(entries.map(isDefault));
      return entries.filter((_, at) => searched[at]).map(({ card }) => card.id);
    },
  };
}
