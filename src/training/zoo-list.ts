import {
  backbonesFolder,
  findInstalled,
  findPublished,
  type BackboneCard,
  type TextEntry,
  type ZooEntry,
} from '../../zoo/index.js';
import type { BackboneView } from '../http/api.js';
import { openTextZoo, openZoo, type ZooEnv } from './zoo.js';

/** The zoo as it stands on this machine: every card, and what its installation has found. */
export async function listZoo(env: ZooEnv): Promise<BackboneView[]> {
  const folder = backbonesFolder(env.cacheDir);
  const [images, texts] = await Promise.all([openZoo(env), openTextZoo(env)]);
  return Promise.all([
    ...images.entries.map((entry) => viewImage(entry, folder)),
    ...texts.entries.map((entry) => viewText(entry, folder)),
  ]);
}

/** As the card states it, or as its publisher's page rounds it. */
const sizeOf = ({ weights }: BackboneCard): number | null =>
  weights.bytes ?? (weights.kind === 'download' ? (weights.roughBytes ?? null) : null);

async function viewImage({ card, source }: ZooEntry, folder: string): Promise<BackboneView> {
  const installed = await findInstalled(card, folder);
  return {
    ...factsOf(card),
    modality: 'image',
    source,
    bytes: sizeOf(card),
    input: sizeOfInput(installed?.card ?? card),
    installed: installed !== null,
    taps: installed?.taps.length ?? null,
  };
}

const sizeOfInput = ({ input }: BackboneCard): string => `${input.width}x${input.height}`;

async function viewText({ card, source }: TextEntry, folder: string): Promise<BackboneView> {
  const published = card.source.kind === 'encoder' ? card.source : null;
  const installed = published && (await findPublished(card, folder));
  return {
    ...factsOf(card),
    modality: 'text',
    source,
    bytes: published?.model.bytes ?? null,
    input: published ? `${published.maxTokens} tokens` : 'texts',
    installed: published === null || installed !== null,
    taps: installed?.taps.length ?? null,
  };
}

const factsOf = ({ id, title, family, licence, origin, pretrainedOn }: (ZooEntry | TextEntry)['card']) => ({
  id,
  title,
  family,
  licence,
  origin,
  pretrainedOn,
});
