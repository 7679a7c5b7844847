// `npm test`, `npm run bench` and `npm run demo` do their own set-up: install when node_modules is missing or older
// than the lock file, then build (incremental, so a second run costs little).
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, 'node_modules', '.package-lock.json');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const stale = () =>
  !existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs;

export function ensureReady() {
  const run = (args) => execFileSync(npm, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (stale())
    run(['ci', '--no-fund', '--no-audit']); // its prepare step builds
  else run(['run', '-s', 'prepare']);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureReady();
