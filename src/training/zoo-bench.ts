import { performance } from 'node:perf_hooks';
import {
  backbonesFolder,
  findInstalled,
  installBackbone,
  measureLatency,
  type InstalledBackbone,
} from '../../zoo/index.js';
import type { Env } from '../config/env.js';
import { openZoo } from './zoo.js';

/** How fast a backbone is on this machine. */
export interface ZooBenchRow {
  readonly id: string;
  readonly taps: number;
  /** Trained numbers of the whole trunk. */
  readonly params: number;
  /** One picture through the whole trunk, and through the part up to half of its operations; milliseconds, median. */
  readonly latencyMs: number;
  readonly halfLatencyMs: number;
}

type BenchEnv = Pick<Env, 'cacheDir' | 'zooMirror' | 'threads'>;

async function measure(installed: InstalledBackbone, threads: number | null): Promise<ZooBenchRow> {
  const { taps, card } = installed;
  const options = { threads: threads ?? undefined, now: () => performance.now() };
  const last = taps.at(-1);
  const half = taps.find(({ depth }) => depth >= 0.5) ?? last;
  if (!last || !half) throw new Error(`The backbone ${card.id} has no taps.`);
  return {
    id: card.id,
    taps: taps.length,
    params: last.params,
    latencyMs: await measureLatency(installed, [last], options),
    halfLatencyMs: await measureLatency(installed, [half], options),
  };
}

/** Times one backbone, installing it, or all that are installed. */
export async function benchZoo(env: BenchEnv, id?: string): Promise<ZooBenchRow[]> {
  const zoo = await openZoo(env);
  const folder = backbonesFolder(env.cacheDir);
  if (id !== undefined) return [await measure(await installBackbone(zoo.get(id), folder), env.threads)];
  const rows: ZooBenchRow[] = [];
  for (const { card } of zoo.entries) {
    const installed = await findInstalled(card, folder);
    if (installed) rows.push(await measure(installed, env.threads));
  }
  return rows;
}
