#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
if (!existsSync(entry)) {
  process.stderr.write(
    'graft is not built yet. Run `npm ci` (or `npm run build`) in the project folder first.\n',
  );
  process.exit(1);
}
await import(entry);
