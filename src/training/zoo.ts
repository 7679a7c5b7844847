import {
  backbonesFolder,
  HubError,
  loadTextZoo,
  loadZoo,
  UnknownBackboneError,
  type TextZoo,
  type Zoo,
} from '../../zoo/index.js';
import type { Env } from '../config/env.js';
import { GraftError } from '../runs/errors.js';

/** What of the environment decides which backbones there are. */
export type ZooEnv = Pick<Env, 'cacheDir' | 'zooMirror'>;

/** All backbones there are: embedded, added on this machine, the mirror's, and known on public hubs. @throws GraftError */
export const openZoo = (env: ZooEnv): Promise<Zoo> => loadZoo(optionsOf(env)).catch(unavailable);

/** The same for texts: learnt from a run's own texts, the mirror's, and known on public hubs. @throws GraftError */
export const openTextZoo = (env: ZooEnv): Promise<TextZoo> => loadTextZoo(optionsOf(env)).catch(unavailable);

const optionsOf = ({ cacheDir, zooMirror }: ZooEnv) => ({
  cacheDir: backbonesFolder(cacheDir),
  mirror: zooMirror,
});

function unavailable(error: unknown): never {
  if (!(error instanceof HubError)) throw error;
  throw new GraftError({
    code: 'zoo-unavailable',
    message: error.message,
    fix: 'Or take GRAFT_ZOO_MIRROR away to do without its backbones.',
    status: 503,
    cause: error,
  });
}

/**
 * The backbones a run is to search, by id: those asked for, or all that are searched by default. A run keeps them, so that a
 * zoo that grows meanwhile changes nothing about it.
 *
 * @throws GraftError naming an unknown backbone and those there are
 */
export const chooseBackbones = async (env: ZooEnv, ids: readonly string[]): Promise<string[]> =>
  choose(await openZoo(env), ids, '`npx graft zoo add` makes one of any ONNX image network');

/** The same for texts. */
export const chooseTextBackbones = async (env: ZooEnv, ids: readonly string[]): Promise<string[]> =>
  choose(await openTextZoo(env), ids, 'a mirror may bring more');

async function choose(
  zoo: Pick<Zoo | TextZoo, 'get' | 'defaults'>,
  ids: readonly string[],
  more: string,
): Promise<string[]> {
  if (ids.length === 0) return zoo.defaults();
  try {
    return [...new Set(ids)].map((id) => zoo.get(id).id);
  } catch (error) {
    if (!(error instanceof UnknownBackboneError)) throw error;
    throw new GraftError({
      code: 'unknown-backbone',
      message: error.message,
      fix: `\`npx graft zoo list\` shows them; ${more}.`,
      cause: error,
    });
  }
}
