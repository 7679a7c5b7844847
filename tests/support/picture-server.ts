import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { texturedPicture } from './odd-pictures.js';

/** Many small pictures on loopback, over several ports, which count as several hosts. It remembers who asked for what. */
export interface PictureServer {
  /** Address of each picture, in order. */
  readonly urls: readonly string[];
  /** host:port of each server: for GRAFT_ALLOW_PRIVATE_HOSTS. */
  readonly hosts: readonly string[];
  /** Requests so far, by path. */
  readonly requests: Map<string, number>;
  /** Called at each request for a picture, before it is answered. */
  onRequest: (count: number) => void;
  /** Lets no answer go out, until the returned function is called. */
  hold(): () => void;
  /** Answers a path with something else than the picture. */
  readonly failing: Map<string, (response: http.ServerResponse) => void>;
  close(): Promise<void>;
}

export async function startPictureServer(count: number, ports = 10): Promise<PictureServer> {
  const pictures = new Map<string, Buffer>();
  const requests = new Map<string, number>();
  const failing: PictureServer['failing'] = new Map();
  for (let n = 0; n < count; n++)
    pictures.set(`/${n}.png`, await texturedPicture(n + 1, { width: 96, height: 96 }));
  let total = 0;
  let held: Promise<void> | null = null;
  const servers = await Promise.all(
    Array.from({ length: ports }, async () => {
      const answer = async (url: string, response: http.ServerResponse): Promise<void> => {
        const picture = pictures.get(url);
        if (!picture) return void response.writeHead(404).end();
        requests.set(url, (requests.get(url) ?? 0) + 1);
        result.onRequest(++total);
        await held;
        const fail = failing.get(url);
        if (fail) fail(response);
        else response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
      };
      const server = http.createServer(({ url = '' }, response) => void answer(url, response));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const hosts = servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
  const result: PictureServer = {
    urls: [...pictures.keys()].map((path, n) => `http://${hosts[n % ports]}${path}`),
    hosts,
    requests,
    failing,
    onRequest: () => undefined,
    hold: () => {
      let release = (): void => undefined;
      held = new Promise((resolve) => (release = resolve));
      return () => {
        held = null;
        release();
      };
    },
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  return result;
}
