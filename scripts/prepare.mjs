// Runs after `npm ci`: builds the project and links its own command, so that `npx graft` works at once.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWeb } from './build-web.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bins = join(root, 'node_modules', '.bin');

function build() {
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  if (!existsSync(nest)) return; // `npm ci --omit=dev`: a deployed image brings its own dist/
  execFileSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
}

function linkOwnCommand() {
  mkdirSync(bins, { recursive: true });
  const link = join(bins, 'graft');
  rmSync(link, { force: true });
  try {
    symlinkSync('../../bin/graft.js', link);
  } catch {
    // Windows without the right to make links: npm's own wrappers are small scripts as well.
    writeFileSync(`${link}.cmd`, '@node "%~dp0\\..\\..\\bin\\graft.js" %*\r\n');
  }
}

build();
await buildWeb();
linkOwnCommand();
