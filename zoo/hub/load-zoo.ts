import path from 'node:path';
import type { BackboneCard } from '../backbones/card.js';
import { findInstalled } from '../backbones/install.js';
import { backbones } from '../backbones/registry.js';
import { UnknownBackboneError } from '../errors.js';
import { hubCards } from './hub-cards.js';
import { readLocalCards } from './local-cards.js';
import { readMirror } from './mirror.js';

/** Where a card comes from: this package, this machine (`graft zoo add`), the mirror, or a public hub. */
export type CardSource = 'embedded' | 'local' | 'mirror' | 'hub';

export interface ZooEntry {
  readonly card: BackboneCard;
  readonly source: CardSource;
}

export interface ZooOptions {
  /** The folder that `installBackbone` is given. */
  readonly cacheDir: string;
  /** A base URL or a folder with a `zoo.json`; null for none. */
  readonly mirror: string | null;
}

/** All backbones there are for this machine. */
export interface Zoo {
  readonly entries: readonly ZooEntry[];
  /** What an operator should know, such as a mirror that cannot be reached. */
  readonly warnings: readonly string[];
  /** @throws UnknownBackboneError, which lists the known ids */
  get(id: string): BackboneCard;
  /** Ids that are searched when none are named: all but those of a public hub that are not installed. */
  defaults(): Promise<string[]>;
}

/** The folder for backbones in a cache folder. */
export const backbonesFolder = (cacheFolder: string): string => path.join(cacheFolder, 'backbones');

async function mirrorEntries({
  mirror,
  cacheDir,
}: ZooOptions): Promise<{ cards: readonly BackboneCard[]; warnings: string[] }> {
  if (mirror === null) return { cards: [], warnings: [] };
  const { cards, warning } = await readMirror(mirror, cacheDir);
  return { cards, warnings: warning === null ? [] : [warning] };
}

/** One card an id: the first, in the order embedded, local, mirror, hub. */
function join(groups: readonly (readonly [CardSource, readonly BackboneCard[]])[]): ZooEntry[] {
  const byId = new Map<string, ZooEntry>();
  for (const [source, cards] of groups)
    for (const card of cards) if (!byId.has(card.id)) byId.set(card.id, { card, source });
  return [...byId.values()];
}

/**
 * Joins the embedded backbones with those added on this machine, those of a mirror, and those known on public hubs. A mirror
 * that has weights under the id of a hub's card stands before the hub.
 *
 * @throws HubError when a mirror was never reached, or a card cannot be read.
 */
export async function loadZoo(options: ZooOptions): Promise<Zoo> {
  const { cards, warnings } = await mirrorEntries(options);
  const local = await readLocalCards(options.cacheDir);
  const entries = join([
    ['embedded', backbones],
    ['local', local],
    ['mirror', cards],
    ['hub', hubCards],
  ]);
  return {
    entries,
    warnings,
    get(id) {
      const found = entries.find(({ card }) => card.id === id);
      if (!found)
        throw new UnknownBackboneError(
          id,
          entries.map(({ card }) => card.id),
        );
      return found.card;
    },
    async defaults() {
      const ready = await Promise.all(
        entries.map(
          async ({ card, source }) =>
            source !== 'hub' || (await findInstalled(card, options.cacheDir)) !== null,
        ),
      );
      return entries.filter((_, at) => ready[at]).map(({ card }) => card.id);
    },
  };
}
