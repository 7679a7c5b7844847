import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';
import { CACHE_DIR } from './service-process.js';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The real command, `node bin/graft.js`, on its way. */
export interface GraftProcess {
  readonly child: ChildProcess;
  /** Resolves when a stream has printed what is looked for. @throws when the process ends without it */
  printed(stream: 'stdout' | 'stderr', text: RegExp): Promise<RegExpExecArray>;
  ended(): Promise<Ended>;
}

export function startGraft(args: readonly string[], env: Record<string, string> = {}): GraftProcess {
  const child = spawn(process.execPath, [join(projectRoot(), 'bin', 'graft.js'), ...args], {
    env: { ...process.env, GRAFT_CACHE_DIR: CACHE_DIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
      child.emit('printed');
    });
  }
  const closed = once(child, 'close').then(([code]) => ({ code: code as number | null, ...texts }));
  return {
    child,
    ended: () => closed,
    printed: async (name, text) => {
      for (;;) {
        const match = text.exec(texts[name]);
        if (match) return match;
        const over = await Promise.race([once(child, 'printed').then(() => false), closed.then(() => true)]);
        if (over && !text.test(texts[name]))
          throw new Error(`graft ended without printing ${text}:\n${texts.stdout}${texts.stderr}`);
      }
    },
  };
}

export const graft = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  startGraft(args, env).ended();
