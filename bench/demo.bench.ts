import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../src/config/version.js';
import { backbones, installBackbone } from '../zoo/index.js';
import { openBareLoop } from './features/bare-loop.js';
import { benchPictures } from './pictures.js';

const CLASSES = 4;

interface Demo {
  readonly timings: readonly { readonly what: string; readonly elapsedMs: number }[];
  readonly report: { readonly counts: { readonly kept: number } };
}

/** The least that anybody would compute: as many pictures once through each network of the zoo, and nothing else. */
async function bareMs(pictureCount: number): Promise<number> {
  const { pictures } = await benchPictures(CLASSES, Math.ceil(pictureCount / CLASSES));
  let ms = 0;
  for (const card of backbones) {
    const { modelPath } = await installBackbone(card, join(projectRoot(), '.graft', 'bench-cache'));
    const loop = await openBareLoop(modelPath, card.input, { provider: 'cpu', batchSize: 8, ahead: false });
    const start = performance.now();
    await loop.run(pictures.map(({ bytes }) => bytes));
    ms += performance.now() - start;
    await loop.close();
  }
  return ms;
}

/** The whole build: the stages of `npm run demo` with their times, as the demo itself reports them. */
export async function run(): Promise<unknown> {
  const folder = join(projectRoot(), '.graft', 'bench-demo');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(projectRoot(), 'bin', 'graft.js'), 'demo', '--json', '--data-dir', folder],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const { timings, report } = JSON.parse(stdout) as Demo;
  const allMs = timings.find(({ what }) => what === 'in all')?.elapsedMs ?? Number.NaN;
  return { timings, counts: report.counts, ofBareLoop: allMs / (await bareMs(report.counts.kept)) };
}
