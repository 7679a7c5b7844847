import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';

/** Debian's Python, which has python3-sklearn and python3-torch where they are installed. */
const PYTHON = '/usr/bin/python3';

function converse(script: string, task: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const path = join(projectRoot(), 'bench', 'search', script);
    const child = execFile(PYTHON, [path], (error, stdout) =>
      error ? reject(new Error(error.message, { cause: error })) : resolve(stdout),
    );
    child.stdin?.end(JSON.stringify(task));
  });
}

/** What a Python script of this folder answers to a task; null, and said so, where Python or a library of it is not there. */
export async function askPython<T>(script: string, task: unknown): Promise<T | null> {
  try {
    return JSON.parse(await converse(script, task)) as T;
  } catch (error) {
    const said = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    process.stderr.write(`*** ${script} is left out: ${said} ***\n`);
    return null;
  }
}
