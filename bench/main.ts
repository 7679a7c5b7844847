import { cpus } from 'node:os';
import { compare, readBaseline, render, writeBaseline } from './baseline.js';

/**
 * `npm run bench [-- name... | --all] [--write-baseline] [--minutes N]`: runs benchmarks and prints one JSON document; without a name those that take
 * minutes and not hours. Figures are ratios within one run wherever a peer exists; these stand beside those of bench/baseline.json, and
 * what moved is printed.
 */
const BENCHES: Record<string, () => Promise<{ run(): Promise<unknown> }>> = {
  dedupe: () => import('./dedupe.bench.js'),
  duplicates: () => import('./duplicates.bench.js'),
  features: () => import('./features.bench.js'),
  heads: () => import('./heads.bench.js'),
  search: () => import('./search.bench.js'),
  fetch: () => import('./fetch.bench.js'),
  faults: () => import('./faults.bench.js'),
  'hostile-web': () => import('./hostile-web.js'),
  noise: () => import('./noise.bench.js'),
  dashboard: () => import('./dashboard.bench.js'),
  parity: () => import('./parity.bench.js'),
  scale: () => import('./scale.bench.js'),
  sim: () => import('./sim.bench.js'),
  serve: () => import('./serve.bench.js'),
  soak: () => import('./soak.bench.js'),
  text: () => import('./text.bench.js'),
  demo: () => import('./demo.bench.js'),
};

/** Many seeds, many requests or many pictures: only when named. */
const LONG: ReadonlySet<string> = new Set([
  'duplicates',
  'faults',
  'search',
  'noise',
  'dashboard',
  'parity',
  'scale',
  'sim',
  'soak',
  'text',
]);

async function main(): Promise<void> {
  const all = process.argv.includes('--all');
  const words = process.argv.slice(2);
  const asked = words.filter((word, at) => !word.startsWith('--') && words[at - 1] !== '--minutes');
  const unknown = asked.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) {
    throw new Error(
      `There is no benchmark ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}.`,
    );
  }
  const names = asked.length > 0 ? asked : Object.keys(BENCHES).filter((name) => all || !LONG.has(name));
  const results: Record<string, unknown> = {};
  for (const name of names) {
    process.stderr.write(`bench ${name} ...\n`);
    results[name] = await (await BENCHES[name]?.())?.run();
  }
  const compared = compare(results, await readBaseline());
  process.stderr.write(render(compared));
  if (process.argv.includes('--write-baseline')) await writeBaseline(compared);
  const [cpu] = cpus();
  process.stdout.write(
    `${JSON.stringify({ machine: { cpu: cpu?.model, cores: cpus().length, node: process.version }, ...results, compared }, null, 2)}\n`,
  );
}

await main();
