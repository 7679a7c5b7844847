import type { RunView } from '../../http/api.js';
import { MAX_TEXT_ROWS, type AddTexts } from '../../http/api/texts.js';
import { noteList } from '../begin-run.js';
import type { GraftClient } from '../client.js';
import { taskOf } from '../context.js';
import type { Progress } from '../render/progress.js';
import type { TextPlan } from './plan-texts.js';

/** Characters in one request: well below what the service takes, whatever the script. */
const MOST_CHARACTERS = 1_000_000;

/** Cuts a list into parts that each fit into one request. */
export function inParts<T>(rows: readonly T[], lengthOf: (row: T) => number): T[][] {
  const parts: T[][] = [];
  let characters = 0;
  for (const row of rows) {
    const last = parts.at(-1);
    characters += lengthOf(row);
    if (last && last.length < MAX_TEXT_ROWS && characters <= MOST_CHARACTERS) last.push(row);
    else {
      parts.push([row]);
      characters = lengthOf(row);
    }
  }
  return parts;
}

/** Starts the run of a plan over texts: project, texts, run. */
export async function beginTextRun(
  client: GraftClient,
  progress: Progress,
  { categories, settings, labelled, unlabelled }: TextPlan,
): Promise<RunView> {
  const project = await client.createProject({ categories: [...categories], modality: 'text' });
  const total = labelled.length + unlabelled.length;
  const startedAtMs = performance.now();
  let done = 0;
  const send = async (body: AddTexts, count: number): Promise<void> => {
    const { rejected } = await client.addTexts(project.id, body);
    noteList(
      progress,
      'Refused',
      rejected.map(({ place, reason, detail }) => `${place} (${reason}: ${detail})`),
    );
    done += count;
    const elapsedMs = performance.now() - startedAtMs;
    const state = done === total ? 'done' : 'running';
    progress.update([taskOf('upload', state, { done, total, note: null, elapsedMs })]);
  };
  for (const part of inParts(labelled, ({ text }) => text.length))
    await send({ labelled: part }, part.length);
  for (const part of inParts(unlabelled, (text) => text.length))
    await send({ unlabelled: part }, part.length);
  return client.startRun(project.id, settings);
}
