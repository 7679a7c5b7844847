import { backbones, findInstalled, type BackboneCard } from '../../zoo/index.js';
import type { BackboneView } from '../http/api.js';

/** The zoo as it stands on this machine: every card, and what its installation has found. */
export function listZoo(cacheDir: string): Promise<BackboneView[]> {
  return Promise.all(backbones.map((card) => view(card, cacheDir)));
}

async function view(card: BackboneCard, cacheDir: string): Promise<BackboneView> {
  const installed = await findInstalled(card, cacheDir);
  const { id, title, family, licence, origin, pretrainedOn } = card;
  return {
    id,
    title,
    family,
    licence,
    origin,
    pretrainedOn,
    bytes: card.weights.bytes,
    input: `${card.input.width}x${card.input.height}`,
    installed: installed !== null,
    taps: installed?.taps.length ?? null,
  };
}
