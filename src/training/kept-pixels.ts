import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { geometryKey, keepPrepared, type Geometry, type OpenedImage } from '../../zoo/index.js';
import type { Env } from '../config/env.js';
import type { RunRecord } from '../runs/stage.js';
import { CLOCK, ENV, type Clock } from '../storage/tokens.js';
import { ProjectZoo } from './project-zoo.js';
import { chosenBackbones, pixelsFolder } from './workspaces.js';
import { openZoo } from './zoo.js';

const BYTES_PER_MB = 1_000_000;
const DAY_MS = 86_400_000;
/** Sizes of picture that are kept at most: of a zoo that wants more, most are never asked for. */
const MOST_GEOMETRIES = 8;

/** Keeps what a picture's decode is worth to the networks; never fails, it only keeps nothing. */
export type KeepPixels = (sha256: string, opened: OpenedImage) => Promise<void>;

/**
 * Pixels that the stage inspect decoded, until the stage features has used them, so that no picture is decoded twice. A
 * bounded folder of the cache: what has no room there, or is on another worker's disk, is decoded again.
 */
@Injectable()
export class KeptPixels implements OnModuleInit {
  constructor(
    private readonly zoo: ProjectZoo,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): Promise<void> {
    return this.sweep();
  }

  folderOf(runId: string): string {
    return pixelsFolder(this.env.cacheDir, runId);
  }

  /** How the pictures of a run are kept, as many as there is room for. */
  async keeperOf(run: RunRecord): Promise<KeepPixels> {
    await this.sweep();
    const folder = this.folderOf(run.id);
    const geometries = await this.geometriesOf(run);
    let left = geometries.length === 0 ? 0 : BYTES_PER_MB * this.env.pixelsMb - (await bytesIn(folder));
    return async (sha256, opened) => {
      if (left <= 0) return;
      try {
        left -= await keepPrepared(folder, sha256, opened, geometries);
      } catch {
        left = 0; // A disk that is full, most likely: the pictures are there all the same.
      }
    };
  }

  forget(runId: string): Promise<void> {
    return rm(this.folderOf(runId), { recursive: true, force: true });
  }

  /** What the run's backbones want; nothing where that cannot be told, or is too much. */
  private async geometriesOf({ projectId, settings }: RunRecord): Promise<Geometry[]> {
    try {
      const zoo = await openZoo(await this.zoo.of(projectId));
      const inputs = chosenBackbones(settings.backbones).map((id) => zoo.get(id).input);
      const distinct = new Map(inputs.map((input) => [geometryKey(input), input]));
      return distinct.size > MOST_GEOMETRIES ? [] : [...distinct.values()];
    } catch {
      return []; // A mirror that is away is the stage features' to report.
    }
  }

  /** Removes what runs have left that were cancelled or failed, and have not been gone on with for a day. */
  private async sweep(): Promise<void> {
    const root = pixelsFolder(this.env.cacheDir);
    for (const name of await readdir(root).catch(() => [])) {
      const facts = await stat(join(root, name)).catch(() => null);
      if (facts && facts.mtimeMs < this.clock.now().getTime() - DAY_MS) await this.forget(name);
    }
  }
}

async function bytesIn(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder).catch(() => []))
    sum += (await stat(join(folder, name)).catch(() => null))?.size ?? 0;
  return sum;
}
