import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../../config/env.js';
import { DataFolderHeldError, findHolder } from '../../storage/data-folder.js';
import { beginRun } from '../begin-run.js';
import type { GraftClient } from '../client.js';
import { withService, type CliContext } from '../context.js';
import { usageError } from '../errors.js';
import { planBuild } from '../plan.js';
import { runToEnd, type FinishedBuild } from '../run-to-end.js';
import type { ImageView } from '../../http/api.js';
import { askPlanted, type GalleryResult } from './gallery-client.js';
import { comparePlanted, mergePlanted, type PlantedRow } from './planted.js';
import { saveUnseen, type UnseenPicture } from './unseen.js';

export interface DemoOptions {
  categories: readonly string[];
  images: number;
  seed: number;
}

export interface DemoPrediction extends UnseenPicture {
  label: string;
  confidence: number;
}

export interface DemoResult extends FinishedBuild {
  planted: PlantedRow[];
  predictions: DemoPrediction[];
  timings: { what: string; elapsedMs: number }[];
}

/** The main job on the sample gallery, from category names to predictions, in a data folder that's emptied first. */
export async function runDemo(context: CliContext, env: Env, options: DemoOptions): Promise<DemoResult> {
  const startedAtMs = performance.now();
  await emptyFolder(env.dataDir);
  const built = await buildInDemo(context, env, options);
  const predictStartedAtMs = performance.now();
  const predictions = await predictAll(built.report.package, built.unseen);
  const endedAtMs = performance.now();
  const timings = [
    ...built.run.stages.map(({ stage, elapsedMs }) => ({ what: stage, elapsedMs })),
    { what: 'predict', elapsedMs: endedAtMs - predictStartedAtMs },
    { what: 'in all', elapsedMs: endedAtMs - startedAtMs },
  ];
  return { run: built.run, report: built.report, planted: built.planted, predictions, timings };
}

const MARKER = 'made-by-graft-demo';

/** Empties the folder of an earlier demo, and no other: the data of a person is never removed. */
async function emptyFolder(dataDir: string): Promise<void> {
  const holder = await findHolder(dataDir);
  if (holder) throw new DataFolderHeldError(dataDir, holder);
  const entries: string[] = await readdir(dataDir).catch(() => []);
  if (entries.length > 0 && !entries.includes(MARKER)) {
    const fix = 'Choose an empty or a new folder with --data-dir.';
    throw usageError('not-a-demo-folder', `${dataDir} holds something else than an earlier demo.`, fix);
  }
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, MARKER), '');
}

type Built = FinishedBuild & { planted: PlantedRow[]; unseen: UnseenPicture[] };

async function buildInDemo(context: CliContext, env: Env, options: DemoOptions): Promise<Built> {
  const { images: count, seed } = options;
  const plan = await planBuild(options.categories, { provider: ['gallery'], images: count, seed });
  return withService(context, env, async ({ client, ...link }, progress) => {
    const { id } = await beginRun(client, progress, plan, { fresh: true });
    const finished = await runToEnd(context, { client, ...link }, progress, id, {
      out: join(env.dataDir, 'package'),
      dataDir: env.dataDir,
    });
    const images = await allImages(client, id);
    const results = await galleryResults(images, options.categories, context.signal);
    const folder = join(env.dataDir, 'unseen');
    const unseen: UnseenPicture[] = [];
    for (const category of options.categories) {
      const found = results.get(category) ?? [];
      unseen.push(
        ...(await saveUnseen({ client, category, results: found, images, folder, signal: context.signal })),
      );
    }
    return { ...finished, planted: compareAll(options.categories, results, images), unseen };
  });
}

/** A picture may be found for two categories: it's judged in each. */
function compareAll(
  categories: readonly string[],
  results: ReadonlyMap<string, GalleryResult[]>,
  images: readonly ImageView[],
): PlantedRow[] {
  const rows = categories.flatMap((category) =>
    comparePlanted(
      results.get(category) ?? [],
      images.filter((image) => image.category === category),
    ),
  );
  return mergePlanted(rows);
}

const PAGE = 500;

async function allImages(client: GraftClient, runId: string): Promise<ImageView[]> {
  const images: ImageView[] = [];
  for (;;) {
    const { items, total } = await client.images(runId, { offset: images.length, limit: PAGE });
    images.push(...items);
    if (items.length === 0 || images.length >= total) return images;
  }
}

/** The gallery runs beside the service; its address is that of its pictures. Without it the demo has less to compare. */
async function galleryResults(
  images: readonly ImageView[],
  categories: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, GalleryResult[]>> {
  const found = new Map<string, GalleryResult[]>();
  const [first] = images;
  if (!first) return found;
  const { origin } = new URL(first.imageUrl);
  for (const category of categories) {
    found.set(category, await askPlanted(origin, category, signal).catch(() => []));
  }
  return found;
}

async function predictAll(packageDir: string, pictures: readonly UnseenPicture[]): Promise<DemoPrediction[]> {
  const { openPackage } = await import('../../../zoo/index.js');
  const model = await openPackage(packageDir);
  try {
    const bytes = await Promise.all(pictures.map(({ path }) => readFile(path)));
    const answers = await model.predict(bytes);
    return pictures.flatMap((picture, i) => {
      const answer = answers[i];
      return answer ? [{ ...picture, label: answer.label, confidence: answer.confidence }] : [];
    });
  } finally {
    await model.close();
  }
}
