import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import type { RequestHandler } from 'express';
import type { Problem } from './api.js';
import { sendProblem } from './problem.js';

const STATUS: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request header fields too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Content too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request timeout'],
};

/** Answers what is no HTTP at all as everything else: with problem details. It never gets as far as a route. */
export function answerUnreadable(app: INestApplication): void {
  const server = app.getHttpServer() as Server & { requireHostHeader: boolean };
  server.requireHostHeader = false; // Node's own answer is empty: see `demandHost`
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    socket.end(answerTo(error.code ?? ''));
  });
}

function answerTo(code: string): string {
  const [status, title] = STATUS[code] ?? [400, 'Bad request'];
  const problem: Problem = {
    ...{ type: 'about:blank', title, status, code: 'unreadable-request', requestId: randomUUID() },
    detail: 'The request is not HTTP as the standard has it.',
    fix: 'Percent-encode addresses, and send headers of 16 KiB at most.',
  };
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

/** HTTP/1.1 wants a Host header in every request (RFC 9112, section 3.2). */
export const demandHost = (): RequestHandler => (request, response, next) => {
  if (request.httpVersion !== '1.1' || request.headers.host !== undefined) return next();
  response.setHeader('connection', 'close');
  sendProblem(request, response, {
    ...{ status: 400, title: 'Bad request', code: 'host-missing' },
    detail: 'The request has no Host header.',
    fix: 'Send the name and port of the service as Host, as HTTP/1.1 wants it.',
  });
};
