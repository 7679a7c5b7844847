import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RunView } from '../../src/http/api.js';
import { projectRoot } from '../../src/config/version.js';

/** The built service as a process of its own, on a free port. */
export interface ServiceProcess {
  readonly url: string;
  readonly process: ChildProcess;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export const CACHE_DIR = join(projectRoot(), '.graft', 'test-cache');

export async function startServiceProcess(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [join(projectRoot(), 'dist', 'src', 'main.js')], {
    env: {
      ...process.env,
      GRAFT_DATA_DIR: dataDir,
      GRAFT_CACHE_DIR: CACHE_DIR,
      GRAFT_PORT: '0',
      NO_COLOR: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await announced(child);
  return {
    url,
    process: child,
    kill: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

function announced(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = /Listening on (http:\/\/\S+);/.exec(output);
      if (match?.[1]) resolve(match[1]);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', (code) => reject(new Error(`The service ended with code ${code}:\n${output}`)));
  });
}

export async function request<T>(url: string, init?: { method?: string; body?: unknown }): Promise<T> {
  const response = await fetch(url, {
    method: init?.method ?? (init?.body === undefined ? 'GET' : 'POST'),
    headers: { 'content-type': 'application/json' },
    body: init?.body === undefined ? undefined : JSON.stringify(init.body),
  });
  const body = (await response.json()) as T;
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(body)}`);
  return body;
}

/** Follows the run's server-sent events until `until` holds; the last view is returned. No sleeping: each event is a look. */
export async function followRun(
  url: string,
  runId: string,
  until: (run: RunView) => boolean,
): Promise<RunView> {
  const response = await fetch(`${url}/api/runs/${runId}/events`);
  if (!response.body) throw new Error('no event stream');
  let buffer = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    buffer += chunk;
    const events = buffer.split('\n\n');
    buffer = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (!data) continue;
      const run = JSON.parse(data) as RunView;
      if (until(run)) return run;
    }
  }
  throw new Error(`The event stream of run ${runId} ended before the awaited state.`);
}

export const isOver = (run: RunView): boolean => !['queued', 'running'].includes(run.state);
