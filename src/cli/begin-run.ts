import { isDeepStrictEqual } from 'node:util';
import type { ProjectView, ProviderView, RunView } from '../http/api.js';
import { categoryKey } from '../dataset/split/check-categories.js';
import { isFinal } from '../runs/run.js';
import type { GraftClient } from './client.js';
import { taskOf } from './context.js';
import type { BuildPlan } from './plan.js';
import { plural, printable } from './render/format.js';
import type { Progress } from './render/progress.js';
import { uploadPictures } from './upload/upload.js';

/**
 * Starts the run of a plan: project, own pictures, run. An unfinished run of the same plan (one that was interrupted) is
 * gone on with instead, unless `fresh`.
 */
export async function beginRun(
  client: GraftClient,
  progress: Progress,
  plan: BuildPlan,
  options: { fresh: boolean },
): Promise<RunView> {
  const unfinished = options.fresh ? null : await findUnfinished(client, plan);
  if (unfinished) {
    progress.note(
      `Going on with the unfinished run ${unfinished.id} of the same build (--fresh starts a new one).`,
    );
    return unfinished;
  }
  const project = await client.createProject({ categories: plan.categories });
  await sendPictures(client, progress, plan, project);
  await sendUrls(client, progress, plan, project);
  return client.startRun(project.id, plan.settings);
}

async function sendPictures(
  client: GraftClient,
  progress: Progress,
  plan: BuildPlan,
  project: ProjectView,
): Promise<void> {
  const total = [...plan.pictures.values()].reduce((sum, files) => sum + files.length, 0);
  if (total === 0) return;
  const startedAtMs = performance.now();
  const show = (state: 'running' | 'done', done: number, note: string | null = null): void =>
    progress.update([
      taskOf('upload', state, { done, total, note, elapsedMs: performance.now() - startedAtMs }),
    ]);
  show('running', 0);
  const { rejected } = await uploadPictures({
    client,
    project,
    pictures: plan.pictures,
    onProgress: (done) => show('running', done),
  });
  show('done', total, rejected.length > 0 ? `${rejected.length} refused` : null);
  noteList(
    progress,
    'Refused',
    rejected.map(({ file, reason, detail }) => `${file} (${reason}: ${detail})`),
  );
}

async function sendUrls(
  client: GraftClient,
  progress: Progress,
  { urls }: BuildPlan,
  project: ProjectView,
): Promise<void> {
  for (let start = 0; start < urls.length; start += URL_ROWS) {
    const { rejected } = await client.listUrls(project.id, urls.slice(start, start + URL_ROWS));
    noteList(
      progress,
      'Refused',
      rejected.map(({ line, url, reason, detail }) => `line ${line}: ${url} (${reason}: ${detail})`),
    );
  }
}

/** Rows of a list sent at once. */
const URL_ROWS = 1000;
const MAX_LISTED = 5;

/** Names the first few of a list of files. */
export function noteList(progress: Pick<Progress, 'note'>, what: string, items: readonly string[]): void {
  if (items.length === 0) return;
  const more = items.length > MAX_LISTED ? `, and ${items.length - MAX_LISTED} more` : '';
  progress.note(
    `${what} ${plural(items.length, 'entry', 'entries')}: ${items.slice(0, MAX_LISTED).map(printable).join(', ')}${more}`,
  );
}

/** Different addresses listed for a category. */
const listedCount = ({ urls }: BuildPlan, key: string): number =>
  new Set(urls.flatMap(({ category, url }) => (categoryKey(category) === key ? [url] : []))).size;

/** The newest unfinished run with the same settings, categories and number of own pictures. */
async function findUnfinished(client: GraftClient, plan: BuildPlan): Promise<RunView | null> {
  const settings = { ...plan.settings, providers: resolvedProviders(plan, await client.providers()) };
  for (const run of await client.runs()) {
    // A run names its backbones also when the build named none: those that the zoo had then.
    const backbones = settings.backbones.length > 0 ? settings.backbones : run.settings.backbones;
    if (isFinal(run.state) || !isDeepStrictEqual(run.settings, { ...settings, backbones })) continue;
    if (samePictures(await client.project(run.projectId), plan)) return run;
  }
  return null;
}

/** A run's settings name the providers it searches, also when the build named none. */
function resolvedProviders(
  { settings, pictures, urls }: BuildPlan,
  known: readonly ProviderView[],
): string[] {
  if (settings.providers.length > 0 || pictures.size > 0 || urls.length > 0) return settings.providers;
  return known.filter((provider) => provider.enabledByDefault).map(({ id }) => id);
}

function samePictures(project: ProjectView, plan: BuildPlan): boolean {
  if (project.categories.length !== plan.categories.length) return false;
  const there = new Map(project.categories.map((category) => [categoryKey(category.name), category]));
  return plan.categories.every((name) => {
    const key = categoryKey(name);
    const category = there.get(key);
    const files = plan.pictures.get(key)?.length ?? 0;
    return category?.uploads === files && category.urls === listedCount(plan, key);
  });
}
