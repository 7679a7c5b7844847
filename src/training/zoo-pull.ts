import {
  backbonesFolder,
  installBackbone,
  prepareText,
  removePublished,
  uninstallBackbone,
  type InstalledBackbone,
  type InstalledText,
  type InstallProgress,
  type TextCard,
} from '../../zoo/index.js';
import { GraftError } from '../runs/errors.js';
import { openTextZoo, openZoo, type ZooEnv } from './zoo.js';

const NO_TEXTS = { learnt: [], unlabelled: [] };

export interface PullOptions {
  readonly tell: InstallProgress;
  readonly signal?: AbortSignal;
}

/** A sentence encoder by its id; null where pictures have that id, or nobody. */
async function findText(env: ZooEnv, id: string): Promise<TextCard | null> {
  const { entries } = await openTextZoo(env);
  return entries.find(({ card }) => card.id === id)?.card ?? null;
}

/**
 * Makes a backbone ready now, of pictures or of texts.
 *
 * @throws UnknownBackboneError, HubError; GraftError for one that is learnt from the texts of a run
 */
export async function pullBackbone(
  env: ZooEnv,
  id: string,
  { tell, signal }: PullOptions,
): Promise<InstalledBackbone | InstalledText> {
  const folder = backbonesFolder(env.cacheDir);
  const text = await findText(env, id);
  if (text === null) return installBackbone((await openZoo(env)).get(id), folder, tell, signal);
  if (text.source.kind !== 'encoder') {
    throw new GraftError({
      code: 'nothing-to-fetch',
      message: `"${id}" is learnt from the texts of each run: there is nothing to fetch.`,
      fix: `Name it in a run: graft build --modality text --from labelled.csv --backbone ${id}`,
    });
  }
  const onProgress = (done: number, total: number): void => tell('download', { done, total });
  const installed = await prepareText(text, NO_TEXTS, folder, { signal, onProgress });
  tell('ready');
  return installed;
}

/** Removes what {@link pullBackbone} has left; true where there was something. @throws UnknownBackboneError */
export async function dropBackbone(env: ZooEnv, id: string): Promise<boolean> {
  const folder = backbonesFolder(env.cacheDir);
  const text = await findText(env, id);
  return text ? removePublished(text, folder) : uninstallBackbone((await openZoo(env)).get(id), folder);
}
