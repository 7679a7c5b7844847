import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3_CREDENTIALS, startS3 } from '../../tests/support/s3-server.js';

/** What the next requests meet instead of the storage. */
export interface Mood {
  /** Requests of any kind that are answered with 503. */
  refusals: number;
  /** Uploads of which half arrives, before the line breaks. */
  halfWrites: number;
  /** Downloads of which half comes back, before the line breaks. */
  halfReads: number;
}

/** An S3-compatible server behind a line that can be made bad. */
export interface FaultyS3 {
  readonly env: Readonly<Record<string, string>>;
  readonly mood: Mood;
  /** The storage itself, without the bad line: to look at what is there. */
  readonly direct: Awaited<ReturnType<typeof startS3>>['storage'];
  close(): Promise<void>;
}

const UNAVAILABLE = '<?xml version="1.0"?><Error><Code>ServiceUnavailable</Code></Error>';

/** Sends half of what is uploaded on to the storage, so that it has begun to write, and breaks both lines. */
function halfWrite(request: http.IncomingMessage, onward: http.ClientRequest): void {
  const half = Number(request.headers['content-length'] ?? 0) / 2;
  let sent = 0;
  onward.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    onward.write(chunk.subarray(0, Math.max(0, Math.ceil(half - sent))));
    sent += chunk.length;
  });
  request.on('end', () => {
    onward.destroy();
    request.socket.destroy();
  });
}

function halfRead(answer: http.IncomingMessage, response: http.ServerResponse): void {
  const half = Number(answer.headers['content-length'] ?? 0) / 2;
  let sent = 0;
  answer.on('data', (chunk: Buffer) => {
    response.write(chunk.subarray(0, Math.max(0, Math.ceil(half - sent))));
    sent += chunk.length;
  });
  answer.on('end', () => response.socket?.destroy());
}

function forward(target: URL, mood: Mood) {
  return (request: http.IncomingMessage, response: http.ServerResponse): void => {
    if (mood.refusals > 0) {
      mood.refusals--;
      request.resume();
      response.writeHead(503, { 'content-type': 'application/xml' }).end(UNAVAILABLE);
      return;
    }
    const { method, headers, url } = request;
    const onward = http.request({ host: target.hostname, port: target.port, method, path: url, headers });
    if (method === 'PUT' && mood.halfWrites > 0) {
      mood.halfWrites--;
      return halfWrite(request, onward);
    }
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      const isObject = method === 'GET' && answer.statusCode === 200 && !url?.includes('list-type');
      if (!isObject || mood.halfReads === 0) return void answer.pipe(response);
      mood.halfReads--;
      halfRead(answer, response);
    });
    onward.on('error', () => response.destroy());
    request.on('error', () => onward.destroy()).pipe(onward);
  };
}

/** Starts both; the environment names the bad line. */
export async function startFaultyS3(): Promise<FaultyS3> {
  const s3 = await startS3();
  Object.assign(process.env, S3_CREDENTIALS); // for whoever looks at the storage from this process
  const mood: Mood = { refusals: 0, halfWrites: 0, halfReads: 0 };
  const server = http.createServer(forward(new URL(s3.storage.endpoint ?? ''), mood));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: { ...s3.env, GRAFT_S3_ENDPOINT: `http://127.0.0.1:${port}` },
    mood,
    direct: s3.storage,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await s3.close();
    },
  };
}
