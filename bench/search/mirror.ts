import { createReadStream, existsSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { MIRROR_FOLDER } from './photo-set.js';

/** Real networks behind a loopback address, as an operator's GRAFT_ZOO_MIRROR has them. */
export interface LoopbackMirror {
  readonly address: string;
  close(): Promise<void>;
}

/** Null, with a loud word, where the networks are not at hand. */
export async function startMirror(): Promise<LoopbackMirror | null> {
  if (!existsSync(join(MIRROR_FOLDER, 'zoo.json'))) {
    process.stderr.write(`*** ${MIRROR_FOLDER} is absent: only the embedded zoo is measured. ***\n`);
    return null;
  }
  const server = http.createServer((request, response) => {
    const stream = createReadStream(join(MIRROR_FOLDER, basename(request.url ?? '')));
    stream.on('error', () => response.writeHead(404).end());
    stream.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
