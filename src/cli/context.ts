import { readEnv, type Env } from '../config/env.js';
import type { Keyboard } from './ask.js';
import type { Output } from './output.js';
import { createProgress, type Progress, type ProgressTask } from './render/progress.js';
import { connectService, type ServiceLink } from './service.js';

/** What every command is given. */
export interface CliContext {
  output: Output;
  /** Aborted by Ctrl-C, with an InterruptedError as its reason. */
  signal: AbortSignal;
  /** Standard input, where there may be a person to ask; left out where there is none. */
  keyboard?: Keyboard;
}

/** Options that every command with a data folder takes. */
export interface DataOptions {
  dataDir?: string;
  json?: boolean;
}

/** The environment, with what the command line says on top. @throws EnvError */
export const envFor = ({ dataDir }: DataOptions): Env =>
  readEnv(dataDir === undefined ? {} : { GRAFT_DATA_DIR: dataDir });

/** A task of the command itself, as opposed to a stage of a run. */
export function taskOf(
  id: string,
  state: ProgressTask['state'],
  facts: Partial<ProgressTask> = {},
): ProgressTask {
  return { id, label: id, state, done: 0, total: 0, note: null, elapsedMs: 0, ...facts };
}

/** Does work through the service, showing progress; stops a service it started itself, whatever happens. */
export async function withService<T>(
  context: CliContext,
  env: Env,
  work: (link: ServiceLink, progress: Progress) => Promise<T>,
  options: { idle?: boolean } = {},
): Promise<T> {
  const progress = createProgress(context.output.stderr);
  context.output.divert((text) => progress.note(text));
  const stopDrawing = (): void => {
    progress.close();
    context.output.divert(null);
  };
  try {
    const link = await connectShowing(context, env, progress, options.idle);
    try {
      return await work(link, progress);
    } finally {
      stopDrawing();
      await link.close();
    }
  } finally {
    stopDrawing();
  }
}

async function connectShowing(
  context: CliContext,
  env: Env,
  progress: Progress,
  idle?: boolean,
): Promise<ServiceLink> {
  const startedAtMs = performance.now();
  let starting = false;
  const onStarting = (): void => {
    starting = true;
    progress.update([
      taskOf('start', 'running', { note: 'the service, in this process; the first time takes longer' }),
    ]);
  };
  const link = await connectService({ env, signal: context.signal, onStarting, idle });
  const elapsedMs = performance.now() - startedAtMs;
  if (starting) progress.update([taskOf('start', 'done', { elapsedMs })]);
  else progress.note(`Through the running service at ${link.client.url}`);
  return link;
}
