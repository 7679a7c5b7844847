import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../src/config/version.js';

/** The stages of `npm run demo` with their times, as the demo itself reports them. */
export async function run(): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(projectRoot(), 'bin', 'graft.js'),
      'demo',
      '--json',
      '--data-dir',
      join(projectRoot(), '.graft', 'bench-demo'),
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const { timings, counts } = JSON.parse(stdout) as { timings?: unknown; counts?: unknown };
  return { timings, counts };
}
