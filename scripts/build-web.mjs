// Builds the dashboard into dist/web, and beside each file its gzip and brotli. Skipped when nothing it is made of has changed,
// so that `npm test` and `npm run build` do not pay for it each time.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const web = join(root, 'web');
const out = join(root, 'dist', 'web');
const stamp = join(out, '.made-of');
const COMPRESSIBLE = new Set(['.js', '.css', '.html', '.svg', '.json']);

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function madeOf() {
  const hash = createHash('sha256');
  for (const path of [...filesIn(web), join(root, 'package-lock.json'), fileURLToPath(import.meta.url)])
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function compress(path) {
  if (!COMPRESSIBLE.has(extname(path)) || statSync(path).size < 1024) return;
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
}

export async function buildWeb() {
  // `npm ci --omit=dev`: a deployed image brings its own dist/
  if (!existsSync(join(root, 'node_modules', 'vite')) || !existsSync(join(root, 'node_modules', 'react')))
    return;
  const key = madeOf();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  const { build } = await import('vite');
  await build({ configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
  for (const path of filesIn(out)) compress(path);
  writeFileSync(stamp, key);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWeb();
