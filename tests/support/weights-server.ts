import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** Files on loopback, as a hub serves them: with ranges. It remembers who asked for which part. */
export interface WeightsServer {
  readonly base: string;
  readonly files: Map<string, Buffer>;
  /** Path and range of each request. */
  readonly requests: string[];
  /** Answers a path otherwise, until taken out. */
  readonly special: Map<string, Answer>;
}

function sendRange(body: Buffer, range: string | undefined, response: http.ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from > 0 && from >= body.length) {
    response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const part = body.subarray(from);
  const head = { 'content-length': String(part.length) };
  if (from === 0) response.writeHead(200, head);
  else
    response.writeHead(206, { ...head, 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` });
  response.end(part);
}

/** Sends the head of a whole file and only its first bytes, then breaks the connection. */
export const breaksAfter =
  (bytes: number, body: Buffer): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-length': String(body.length) });
    response.write(body.subarray(0, bytes), () => response.destroy());
  };

/** Gone when the test file has ended. */
export async function startWeightsServer(): Promise<WeightsServer> {
  const files: WeightsServer['files'] = new Map();
  const special: WeightsServer['special'] = new Map();
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    const path = request.url ?? '/';
    const { range } = request.headers;
    requests.push(range === undefined ? path : `${path} ${range}`);
    const answer = special.get(path);
    const body = files.get(path);
    if (answer) answer(request, response);
    else if (body) sendRange(body, range, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, files, special, requests };
}
