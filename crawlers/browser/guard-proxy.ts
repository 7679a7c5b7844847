import { randomBytes } from 'node:crypto';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressGuard } from '../http/address-guard.js';
import { finalFailure, type Failure } from '../http/result.js';

/** What a browser connects through. */
export interface ProxyAccess {
  server: string;
  username: string;
  password: string;
}

export interface GuardProxyOptions {
  guard: AddressGuard;
  connectTimeoutMs: number;
  /** Everything that one visit may receive. */
  maxBytes: number;
}

/** RFC 9110, 7.6.1: meant for the next hop only. */
const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const USERNAME = 'graft';

/**
 * The browser's only way out: a forward proxy on loopback that lets the address guard look at every connection, and
 * connects to the very address that the guard admitted. Interception inside the browser would not do: it does not see
 * redirects, and the browser would resolve names a second time. A password keeps other programs of this machine out.
 */
export class GuardProxy {
  /** Why connections were refused, by host and port. */
  readonly refusals = new Map<string, Failure>();
  private readonly server = http.createServer();
  private readonly sockets = new Set<Duplex>();
  private readonly password = randomBytes(24).toString('hex');
  private received = 0;

  constructor(private readonly options: GuardProxyOptions) {
    this.server.on('connection', (socket) => this.track(socket));
    this.server.on('request', (request, response) => void this.forward(request, response));
    this.server.on(
      'connect',
      (request, socket: Duplex, head: Buffer) => void this.tunnel(request, socket, head),
    );
  }

  /** Starts listening. */
  async start(): Promise<ProxyAccess> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    const { port } = this.server.address() as AddressInfo;
    return { server: `http://127.0.0.1:${port}`, username: USERNAME, password: this.password };
  }

  /** Ends every connection, both ways. */
  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private track<S extends Duplex>(socket: S): S {
    this.sockets.add(socket);
    // A side that breaks takes the other with it; there is nobody to tell.
    return socket.once('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
  }

  private mayUse(request: http.IncomingMessage): boolean {
    const expected = `Basic ${Buffer.from(`${USERNAME}:${this.password}`).toString('base64')}`;
    return request.headers['proxy-authorization'] === expected;
  }

  /** The first address that may be connected to, or the status to refuse with. */
  private async admit(
    request: http.IncomingMessage,
    target: string,
  ): Promise<{ url: URL; address: string } | number> {
    if (!this.mayUse(request)) return 407;
    if (!URL.canParse(target)) return 400;
    const url = new URL(target);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 400;
    const verdict = await this.options.guard.admit(url);
    const [address] = verdict.ok ? verdict.addresses : [];
    if (address !== undefined) return { url, address };
    if (!verdict.ok) this.refusals.set(url.host, verdict);
    return 403;
  }

  private count(chunk: Buffer): void {
    this.received += chunk.length;
    if (this.received <= this.options.maxBytes) return;
    for (const socket of this.sockets) socket.destroy();
  }

  private connect(address: string, port: number, host: string): Socket {
    const { connectTimeoutMs } = this.options;
    const socket = this.track(net.connect({ host: address, port }));
    const timer = setTimeout(() => {
      this.refusals.set(host, finalFailure('timeout', `${host}: no connection after ${connectTimeoutMs} ms`));
      socket.destroy();
    }, connectTimeoutMs);
    const settle = (): void => clearTimeout(timer);
    return socket.once('connect', settle).once('close', settle);
  }

  /** https: and wss: come as CONNECT; what is inside is the browser's business, the address is ours. */
  private async tunnel(request: http.IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    this.track(client);
    const admitted = await this.admit(request, `https://${request.url}`);
    if (typeof admitted === 'number') {
      client.end(refusalText(admitted));
      return;
    }
    const { url, address } = admitted;
    const upstream = this.connect(address, Number(url.port || 443), url.host);
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.on('data', (chunk: Buffer) => this.count(chunk));
      upstream.pipe(client).pipe(upstream);
    });
    upstream.once('close', () => client.destroy());
    client.once('close', () => upstream.destroy());
  }

  private async forward(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const admitted = await this.admit(request, request.url ?? '');
    if (typeof admitted === 'number') {
      response.writeHead(admitted, { 'Proxy-Authenticate': 'Basic realm="graft"' }).end();
      return;
    }
    const { url, address } = admitted;
    const outgoing = http.request({
      createConnection: () => this.connect(address, Number(url.port || 80), url.host),
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...endToEnd(request.headers), host: url.host },
    });
    outgoing.once('response', (reply) => {
      reply.on('data', (chunk: Buffer) => this.count(chunk));
      response.writeHead(reply.statusCode ?? 502, endToEnd(reply.headers));
      reply.pipe(response);
    });
    outgoing.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.once('close', () => outgoing.destroy());
    request.pipe(outgoing);
  }
}

function endToEnd(headers: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

function refusalText(status: number): string {
  const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="graft"\r\n' : '';
  return `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${challenge}Content-Length: 0\r\n\r\n`;
}
