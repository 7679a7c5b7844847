import { backbonesFolder, installRandomTwin, type InstalledBackbone } from '../../../zoo/index.js';

const work = ({ taps }: InstalledBackbone): number => taps.at(-1)?.flops ?? 0;

/**
 * The floor of the leaderboard: the cheapest backbone of the run with its weights drawn at random. Its features cost least, and what
 * random weights give differs little between architectures.
 */
export async function floorBackbone(
  installed: readonly InstalledBackbone[],
  cacheDir: string,
): Promise<InstalledBackbone[]> {
  const [cheapest] = installed.toSorted((a, b) => work(a) - work(b));
  return cheapest ? [await installRandomTwin(cheapest, backbonesFolder(cacheDir))] : [];
}
