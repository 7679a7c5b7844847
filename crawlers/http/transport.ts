import type http from 'node:http';
import axios from 'axios';
import { raceAbort } from './abort.js';
import type { AddressGuard } from './address-guard.js';
import type { PinnedAgents } from './pinned-agents.js';
import { finalFailure, passingFailure, type Failure } from './result.js';

/** One GET to one host: no redirects followed, no body read. */
export interface WireRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

/** The head of a reply; the body is still on the wire, packed as the server sent it. */
export interface WireReply {
  ok: true;
  message: http.IncomingMessage;
}

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
        return { ok: true, message: await this.sendTo(address, request) };
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
    { url, headers, signal }: WireRequest,
  ): Promise<http.IncomingMessage> {
    const agent = this.agents.agentFor(url, address);
    const response = await this.client.get<http.IncomingMessage>(url.href, {
      headers,
      signal,
      httpAgent: agent,
      httpsAgent: agent,
    });
    return response.data;
  }
}
