import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';

/** `script` of util-linux opens a real terminal; those of other systems take other flags. */
export const hasTerminal = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout);

/** The real command on a real terminal, where a person may type. */
export interface GraftAtTerminal {
  /** Resolves when the screen has shown what is looked for since the last time. @throws when the command ends without it */
  shown(text: string): Promise<void>;
  type(keys: string): void;
  ended(): Promise<{ code: number | null; screen: string }>;
}

/** Starts `graft`; its words must need no quoting. */
export function startAtTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): GraftAtTerminal {
  const command = [process.execPath, join(projectRoot(), 'bin', 'graft.js'), ...args].join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    screen += chunk;
    child.emit('printed');
  });
  const closed = once(child, 'close').then(([code]) => ({ code: code as number | null, screen }));
  return {
    type: (keys) => void child.stdin.write(keys),
    ended: () => closed,
    shown: async (text) => {
      for (let at = screen.indexOf(text, seen); ; at = screen.indexOf(text, seen)) {
        if (at >= 0) return void (seen = at + text.length);
        const over = await Promise.race([once(child, 'printed').then(() => false), closed.then(() => true)]);
        if (over && !screen.includes(text, seen))
          throw new Error(`graft ended without showing ${text}:\n${screen}`);
      }
    },
  };
}
