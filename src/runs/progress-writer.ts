import type { Clock } from '../storage/tokens.js';
import type { StageName } from './run.js';
import type { RunsRepository } from './runs.repository.js';

/** Watchers poll the record, so writing it more often than they look is waste. */
const WRITE_EVERY_MS = 250;

export interface ProgressWriter {
  readonly report: (done: number, total: number, note?: string) => void;
  finish(state: 'done' | 'failed' | 'running'): Promise<void>;
  /** Milliseconds, this turn and all before. */
  elapsedMs(): number;
}

/** Keeps the progress record of a stage: throttled while it runs, exact at its end. Time adds up over rounds and restarts. */
export async function createProgressWriter(
  repository: RunsRepository,
  runId: string,
  stage: StageName,
  clock: Clock,
): Promise<ProgressWriter> {
  const before = (await repository.stagesOf(runId)).find((row) => row.stage === stage);
  const startedAt = clock.now().getTime();
  const elapsedMs = (): number => (before?.elapsedMs ?? 0) + clock.now().getTime() - startedAt;
  const current = { done: before?.done ?? 0, total: before?.total ?? 0, note: before?.note ?? null };
  let lastWriteAt = 0;
  let writing: Promise<void> = Promise.resolve();

  const save = (state: 'running' | 'done' | 'failed'): Promise<void> => {
    lastWriteAt = clock.now().getTime();
    const row = { runId, stage, state, ...current, elapsedMs: elapsedMs() };
    writing = writing.catch(() => undefined).then(() => repository.saveStage(row));
    return writing;
  };

  await save('running');
  return {
    report: (done, total, note) => {
      Object.assign(current, { done, total, note: note ?? current.note });
      if (clock.now().getTime() - lastWriteAt >= WRITE_EVERY_MS) void save('running').catch(() => undefined);
    },
    finish: (state) => save(state),
    elapsedMs,
  };
}
