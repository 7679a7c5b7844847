import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { BackboneCard } from '../backbones/card.js';
import { HubError } from './errors.js';
import { inputSpecSchema } from './input-schema.js';
import { CARD_ID } from './zoo-file.js';

const CARD_FILE = 'card.json';
const MODEL_FILE = 'model.onnx';

/** A card as it is kept beside its network. */
const localCardSchema = z.object({
  id: z.string().regex(CARD_ID),
  title: z.string(),
  family: z.string(),
  licence: z.string(),
  origin: z.string(),
  pretrainedOn: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  taps: z.array(z.string()).optional(),
  input: inputSpecSchema,
});

export type LocalCard = z.infer<typeof localCardSchema>;

const root = (cacheDir: string): string => path.join(cacheDir, 'local');

async function readCard(folder: string): Promise<BackboneCard> {
  const file = path.join(folder, CARD_FILE);
  try {
    const { bytes, sha256, ...card } = localCardSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return { ...card, weights: { kind: 'onnx-file', path: path.join(folder, MODEL_FILE), bytes, sha256 } };
  } catch (error) {
    const message = `The card ${file} cannot be read. Add the network again, or remove the folder.`;
    throw new HubError('bad-zoo-file', message, { cause: error });
  }
}

/** The cards that were added on this machine, by id. @throws HubError for one that is damaged */
export async function readLocalCards(cacheDir: string): Promise<BackboneCard[]> {
  const names = await readdir(root(cacheDir)).catch((): string[] => []);
  return Promise.all(
    names
      .filter((name) => CARD_ID.test(name))
      .sort()
      .map((name) => readCard(path.join(root(cacheDir), name))),
  );
}

/** Keeps a card and its network; one of the same id is replaced. */
export async function writeLocalCard(
  cacheDir: string,
  card: LocalCard,
  model: Uint8Array,
): Promise<BackboneCard> {
  await mkdir(root(cacheDir), { recursive: true });
  const made = await mkdtemp(path.join(root(cacheDir), '.adding-'));
  const folder = path.join(root(cacheDir), card.id);
  try {
    await writeFile(path.join(made, MODEL_FILE), model);
    await writeFile(path.join(made, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return readCard(folder);
}

/** Forgets a card and its network. */
export function removeLocalCard(cacheDir: string, id: string): Promise<void> {
  return rm(path.join(root(cacheDir), id), { recursive: true, force: true });
}
