import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_INPUT, openSession, prepareImage, readManifest } from '../../zoo/index.js';
import { answer } from '../child.js';

export interface BareTask {
  readonly folder: string;
  readonly files: readonly string[];
  readonly threads: number;
  readonly durationMs: number;
  /** Pictures that are decoded ahead while the network runs; 1 means one after the other. */
  readonly ahead: number;
}

/** The bare loop: decode and run, nothing else; pictures a second. */
async function loop({ folder, files, threads, durationMs, ahead }: BareTask): Promise<number> {
  const { input, model } = await readManifest(folder);
  if ('kind' in input) throw new Error(`${folder} holds a model of texts; this loop is for pictures.`);
  const session = await openSession(join(folder, model.file), { threads });
  const pictures = await Promise.all(files.map((file) => readFile(file)));
  const prepare = (i: number): Promise<Uint8Array> =>
    prepareImage(pictures[i % pictures.length] ?? Buffer.alloc(0), input);
  const queue = Array.from({ length: ahead }, (_, i) => prepare(i));
  let done = 0;
  const start = performance.now();
  while (performance.now() - start < durationMs) {
    const data = await (queue.shift() as Promise<Uint8Array>);
    if (ahead > 1) queue.push(prepare(done + ahead));
    const dims = [1, input.height, input.width, 3];
    await session.run({ [IMAGE_INPUT]: { type: 'uint8', dims, data } });
    done += 1;
    if (ahead === 1) queue.push(prepare(done));
  }
  const rate = (1000 * done) / (performance.now() - start);
  await Promise.all(queue);
  await session.close();
  return rate;
}

answer(loop);
