import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../src/config/version.js';

/**
 * Starts a module of this folder as a process of its own, so that a measure of memory or time is that process's alone.
 * Always the built one, also in tests: a TypeScript loader in the child would be measured along with it (40 MB).
 * @param name path below `bench/`, without extension
 */
export function startChild(name: string): ChildProcess {
  const file = join(projectRoot(), 'dist', 'bench', `${name}.js`);
  // Not the parent's own flags: a test runner's or a debugger's have no business in the child.
  return fork(file, { execArgv: [], serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] });
}

/** Sends a message and waits for the answer. @throws when the child ends instead */
export async function ask<Answer>(child: ChildProcess, message: unknown): Promise<Answer> {
  const answered = once(child, 'message') as Promise<[Answer]>;
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`The child process ended with code ${String(code)} before it answered.`);
  });
  child.send(message as object);
  try {
    const [answer] = await Promise.race([answered, gone]);
    return answer;
  } finally {
    child.removeAllListeners('exit');
    child.removeAllListeners('message');
    gone.catch(() => undefined);
  }
}

/** Ends the child and waits until it is gone. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}

/** Answers each message of the parent by what `handler` makes of it; ends when the parent does. */
export function answer<Message>(handler: (message: Message) => Promise<unknown>): void {
  process.on('message', (message) => {
    void handler(message as Message).then((reply) => process.send?.(reply));
  });
  process.on('disconnect', () => process.exit());
}

/**
 * The most memory this process ever held, in bytes. From /proc where there is one: `resourceUsage` also counts what the
 * parent held when it forked.
 */
export async function peakRssBytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return 1024 * Number(kib ?? process.resourceUsage().maxRSS);
}
