import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import type { Case } from './cases.js';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Sends a request as it stands: unlike fetch, this mends no address and adds no content type. */
export async function send(
  url: string,
  { method, path, type, body }: Pick<Case, 'method' | 'path' | 'type' | 'body'>,
  agent: http.Agent,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const bytes = body === null ? null : Buffer.from(body, 'utf8');
  const headers = {
    ...(type === null ? {} : { 'content-type': type }),
    ...(bytes === null ? {} : { 'content-length': bytes.length }),
  };
  const request = http.request({ hostname, port, method, path, headers, agent });
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
  request.end(bytes);
  const [response] = await answered;
  const { statusCode: status = 0 } = response;
  const answerType = response.headers['content-type'] ?? '';
  if (answerType.startsWith('text/event-stream')) {
    response.destroy(); // it would go on for as long as the run
    return { status, type: answerType, body: '' };
  }
  return { status, type: answerType, body: await text(response) };
}
