import { setTimeout as delay } from 'node:timers/promises';
import type { RunView } from '../http/api.js';
import { isFinal } from '../runs/run.js';
import { isUnreachable, type GraftClient } from './client.js';

export interface FollowOptions {
  onState: (run: RunView) => void;
  signal: AbortSignal;
  /** Replaced in tests. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const POLL_MS = 1000;
const MAX_WAIT_MS = 5000;
/** How often in a row nobody may answer: with the waits, about a minute. */
const MAX_SILENCES = 15;

const sleep = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });

/**
 * Follows a run to its end by server-sent events. When the stream breaks, or the way to the service doesn't carry
 * streams, the state is asked for each second, and the stream tried again.
 * @returns the run in its final state
 * @throws CliError when the service is gone for about a minute
 */
export async function followRun(
  client: GraftClient,
  runId: string,
  options: FollowOptions,
): Promise<RunView> {
  const { onState, signal, wait = sleep } = options;
  let silences = 0;
  for (;;) {
    const streamed = await followStream(client, runId, options);
    if (streamed) return streamed;
    signal.throwIfAborted();
    const run = await ask(client, runId, silences);
    silences = run ? 0 : silences + 1;
    if (run) onState(run);
    if (run && isFinal(run.state)) return run;
    await wait(Math.min(POLL_MS * 2 ** silences, MAX_WAIT_MS), signal);
  }
}

/** @returns the final state, or null when the stream ended or broke before it came */
async function followStream(
  client: GraftClient,
  runId: string,
  { onState }: FollowOptions,
): Promise<RunView | null> {
  try {
    for await (const run of client.runEvents(runId)) {
      onState(run);
      if (isFinal(run.state)) return run;
    }
  } catch {
    // Whatever it was, asking for the state tells: it fails with a better message, or it works.
  }
  return null;
}

async function ask(client: GraftClient, runId: string, silences: number): Promise<RunView | null> {
  try {
    return await client.run(runId);
  } catch (error) {
    if (!isUnreachable(error) || silences >= MAX_SILENCES) throw error;
    return null;
  }
}
