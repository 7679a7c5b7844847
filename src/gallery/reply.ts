import type { ServerResponse } from 'node:http';

/** One answer, whole in memory. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = (status: number, value: unknown): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(value)}\n`,
});

export const failure = (status: number, message: string, headers: Reply['headers'] = {}): Reply => ({
  ...json(status, { error: { status, message } }),
  headers,
});

export const html = (status: number, body: string): Reply => ({
  status,
  type: 'text/html; charset=utf-8',
  body,
  headers: {
    'content-security-policy':
      "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'self'",
  },
});

/** Sends the reply, without its body for HEAD; does nothing when the client is gone. */
export function send(response: ServerResponse, reply: Reply, withBody: boolean): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, {
    'content-type': reply.type,
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
    ...reply.headers,
  });
  response.end(withBody ? body : undefined);
}
