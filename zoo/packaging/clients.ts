import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the clients lie in the sources, which the compiled code stands beside. */
function clientsFolder(): string {
  const below = path.join('zoo', 'packaging', 'clients');
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, below, 'image', 'predict.mjs'))) {
    const above = path.dirname(folder);
    if (above === folder) throw new Error(`The clients of packages are missing: no ${below} above the code.`);
    folder = above;
  }
  return path.join(folder, below);
}

/** Puts the clients for Node, Python, curl and the browser into a package: they read all they need from the files beside them. */
export async function copyClients(folder: string, modality: 'image' | 'text'): Promise<void> {
  const from = path.join(clientsFolder(), modality);
  for (const file of await readdir(from)) await copyFile(path.join(from, file), path.join(folder, file));
}

/** The files that the page of a package needs beside it, by the npm package that they come from. */
const BROWSER_RUNTIME = {
  'onnxruntime-web/wasm': ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'],
  'wasm-vips': ['vips-es6.js', 'vips.wasm'],
} as const;

/** Paths of the browser's runtime on this machine, by file name. */
export function browserRuntime(): Map<string, string> {
  const require = createRequire(import.meta.url);
  const files = Object.entries(BROWSER_RUNTIME).flatMap(([name, list]) => {
    const folder = path.dirname(require.resolve(name));
    return list.map((file) => [file, path.join(folder, file)] as const);
  });
  return new Map(files);
}

/** Puts onnxruntime-web and wasm-vips (about 20 MB) beside the page of a package, so that any file server can serve it. */
export async function copyBrowserRuntime(folder: string): Promise<string> {
  const target = path.join(folder, 'runtime');
  await mkdir(target, { recursive: true });
  for (const [file, from] of browserRuntime()) await copyFile(from, path.join(target, file));
  return target;
}
