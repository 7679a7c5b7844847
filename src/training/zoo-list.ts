import { backbonesFolder, findInstalled, type ZooEntry } from '../../zoo/index.js';
import type { BackboneView } from '../http/api.js';
import { openZoo, type ZooEnv } from './zoo.js';

/** The zoo as it stands on this machine: every card, and what its installation has found. */
export async function listZoo(env: ZooEnv): Promise<BackboneView[]> {
  const { entries } = await openZoo(env);
  return Promise.all(entries.map((entry) => view(entry, backbonesFolder(env.cacheDir))));
}

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
    bytes: card.weights.bytes,
    input: `${card.input.width}x${card.input.height}`,
    installed: installed !== null,
    taps: installed?.taps.length ?? null,
  };
}
