// `npm run demo`: gets the project ready, then shows the whole way on the sample gallery (see src/cli/commands/demo.ts).
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { ensureReady } from './ensure-ready.mjs';

const startedAtMs = performance.now();
process.stderr.write('Getting ready: installing packages where they are missing or old, then building.\n');
ensureReady();
process.stderr.write(`Ready after ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s.\n\n`);

// A process of its own: the command decides how to end, and what npm passes on goes to it as it is.
const graft = fileURLToPath(new URL('../bin/graft.js', import.meta.url));
const child = spawn(process.execPath, [graft, 'demo', ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches the whole group: the command stops in good order, and this waits for it.
process.on('SIGINT', () => undefined).on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));
