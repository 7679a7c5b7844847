import http from 'node:http';
import https from 'node:https';
import axios from 'axios';
import { raceAbort } from './abort.js';
import type { AddressGuard } from './address-guard.js';
import type { PinnedAgents } from './pinned-agents.js';
import { finalFailure, passingFailure, type Failure } from './result.js';

/** One GET to one host: no redirects followed, no body read. */
export interface WireRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Told when the request is on the wire. */
  sent: () => void;
  signal: AbortSignal;
}

/** The head of a reply; the body is still on the wire, packed as the server sent it. */
export interface WireReply {
  ok: true;
  message: http.IncomingMessage;
  /** What went wrong on its connection since, also what the body does not show: bytes beyond its announced end. */
  fault: () => Error | null;
}

/** A 101 has no body and leaves HTTP; Node and axios would go on waiting for a reply. */
class UpgradeError extends Error {
  readonly code = 'HPE_UNASKED_UPGRADE';
}

/** Faults by reply; axios hears of them, but says nothing once it has handed the reply on. */
const FAULTS = new WeakMap<http.IncomingMessage, { error: Error | null }>();

/** Node's own client for axios to use, watched: when the request is out, and what goes wrong after the head. */
const watched = (protocol: string, sent: () => void) => ({
  request: (options: http.RequestOptions, onReply: (message: http.IncomingMessage) => void) => {
    const fault: { error: Error | null } = { error: null };
    const request = (protocol === 'https:' ? https : http).request(options, (message) => {
      FAULTS.set(message, fault);
      onReply(message);
    });
    // On a kept connection the request is out at once; on a new one only when that stands.
    request.once('finish', () => request.reusedSocket || sent());
    request.once('upgrade', (_message, socket) => {
      socket.destroy();
      request.emit('error', new UpgradeError('it switches protocols, though nobody asked for it'));
    });
    return request.on('error', (error) => (fault.error ??= error));
  },
});

/** No connection came about, so another address of the same host may do better. */
const CONNECT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'GRAFT_CONNECT_TIMEOUT',
]);

const RESET_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

const errorCode = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** axios wraps what the socket said; the socket's own error has the code that tells. */
function rootCode(error: unknown): string {
  const cause = (error as Error).cause;
  return (cause === undefined ? '' : errorCode(cause)) || errorCode(error);
}

/** Names what a broken request means. */
export function transportFailure(host: string, error: unknown): Failure {
  const code = rootCode(error);
  const detail = `${host}: ${(error as Error).message || code}`;
  if (code === 'GRAFT_CONNECT_TIMEOUT') return passingFailure('timeout', detail);
  if (code.startsWith('HPE_')) return finalFailure('bad-response', detail);
  const passing = RESET_CODES.has(code) || code === 'ECONNREFUSED';
  return passing ? passingFailure('unreachable', detail) : finalFailure('unreachable', detail);
}

/** Sends single requests over checked addresses. The only file that calls axios. */
export class Transport {
  private readonly client = axios.create({
    adapter: 'http',
    responseType: 'stream',
    // Redirects, unpacking, limits and status codes are ours, so that each is checked and counted.
    maxRedirects: 0,
    decompress: false,
    validateStatus: () => true,
    // A proxy would connect for us and so step around the address guard.
    proxy: false,
  });

  constructor(
    private readonly guard: AddressGuard,
    private readonly agents: PinnedAgents,
  ) {}

  /** @throws only when the signal fired: its reason, or axios's word for it; the caller knows its own signal. */
  async send(request: WireRequest): Promise<WireReply | Failure> {
    // A resolver may hang, and knows no signal.
    const admitted = await raceAbort(this.guard.admit(request.url), request.signal);
    if (!admitted.ok) return admitted;
    let failure: Failure = finalFailure('unreachable', `${request.url.host} has no address`);
    for (const address of admitted.addresses) {
      try {
        const message = await this.sendTo(address, request);
        return { ok: true, message, fault: () => FAULTS.get(message)?.error ?? null };
      } catch (error) {
        if (request.signal.aborted) throw error;
        failure = transportFailure(request.url.host, error);
        if (!CONNECT_CODES.has(rootCode(error))) return failure;
      }
    }
    return failure;
  }

  private async sendTo(
    address: string,
    { url, headers, sent, signal }: WireRequest,
  ): Promise<http.IncomingMessage> {
    const agent = this.agents.agentFor(url, address);
    const response = await this.client.get<http.IncomingMessage>(url.href, {
      headers,
      signal,
      httpAgent: agent,
      httpsAgent: agent,
      transport: watched(url.protocol, sent),
    });
    return response.data;
  }
}
