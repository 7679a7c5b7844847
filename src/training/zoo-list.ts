import { backbonesFolder, findInstalled, type BackboneCard, type ZooEntry } from '../../zoo/index.js';
import type { BackboneView } from '../http/api.js';
import { openZoo, type ZooEnv } from './zoo.js';

/** The zoo as it stands on this machine: every card, and what its installation has found. */
export async function listZoo(env: ZooEnv): Promise<BackboneView[]> {
  const { entries } = await openZoo(env);
  return Promise.all(entries.map((entry) => view(entry, backbonesFolder(env.cacheDir))));
}

/** As the card states it, or as its publisher's page rounds it. */
const sizeOf = ({ weights }: BackboneCard): number | null =>
  weights.bytes ?? (weights.kind === 'download' ? (weights.roughBytes ?? null) : null);

async function view({ card, source }: ZooEntry, folder: string): Promise<BackboneView> {
  const installed = await findInstalled(card, folder);
  const { id, title, family, licence, origin, pretrainedOn } = card;
  return {
    id,
    title,
    family,
    licence,
    origin,
    pretrainedOn,
    source,
    bytes: sizeOf(card),
    input: `${card.input.width}x${card.input.height}`,
    installed: installed !== null,
    taps: installed?.taps.length ?? null,
  };
}
