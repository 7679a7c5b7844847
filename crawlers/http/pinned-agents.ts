import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';

/** A connection did not stand in time. */
export class ConnectTimeoutError extends Error {
  readonly code = 'GRAFT_CONNECT_TIMEOUT';
}

interface PinOptions {
  address: string;
  connectTimeoutMs: number;
}

const AGENT_OPTIONS: http.AgentOptions = { keepAlive: true, maxFreeSockets: 8, scheduling: 'lifo' };

/** Destroys a socket that is not ready in time; `event` is 'connect' for TCP and 'secureConnect' for TLS. */
function guardConnect<S extends Duplex>(socket: S, event: string, connectTimeoutMs: number): S {
  const late = (): void => {
    socket.destroy(new ConnectTimeoutError(`no connection after ${connectTimeoutMs} ms`));
  };
  const timer = setTimeout(late, connectTimeoutMs);
  const settle = (): void => clearTimeout(timer);
  socket.once(event, settle).once('close', settle);
  return socket;
}

/** Replaces the host in the connect options; the Host header and the TLS server name are already fixed by then. */
const pinned = <T extends object>(options: T, { address }: PinOptions): T => ({ ...options, host: address });

/** Ends a connection that speaks while nobody has asked: its next reply would be taken for the answer to something else. */
function hangUp(this: Duplex): void {
  this.destroy();
}

/** Listens to idle connections; Node alone would keep what they say for the next request. */
function watchIdle(agent: http.Agent): void {
  const keep = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.keepSocketAlive = (socket) => {
    socket.once('data', hangUp);
    return keep(socket);
  };
  agent.reuseSocket = (socket, request) => {
    socket.off('data', hangUp);
    reuse(socket, request);
  };
}

class PinnedHttpAgent extends http.Agent {
  constructor(private readonly pin: PinOptions) {
    super(AGENT_OPTIONS);
    watchIdle(this);
  }

  override createConnection(
    ...[options, done]: Parameters<http.Agent['createConnection']>
  ): Duplex | null | undefined {
    const socket = super.createConnection(pinned(options, this.pin), done);
    return socket ? guardConnect(socket, 'connect', this.pin.connectTimeoutMs) : socket;
  }
}

class PinnedHttpsAgent extends https.Agent {
  constructor(private readonly pin: PinOptions) {
    super(AGENT_OPTIONS);
    watchIdle(this);
  }

  override createConnection(
    ...[options, done]: Parameters<https.Agent['createConnection']>
  ): Duplex | null | undefined {
    const socket = super.createConnection(pinned(options, this.pin), done);
    return socket ? guardConnect(socket, 'secureConnect', this.pin.connectTimeoutMs) : socket;
  }
}

/** Idle agents are let go beyond this many. */
const MAX_AGENTS = 256;

/**
 * One keep-alive agent for each (scheme, host, address). Since a socket is only ever reused for the very address it was
 * opened to, and every request is checked anew, keep-alive cannot dodge the address guard.
 */
export class PinnedAgents {
  private readonly agents = new Map<string, http.Agent>();

  constructor(private readonly connectTimeoutMs: number) {}

  /** The agent that connects to `address`, whatever the URL's host resolves to by now. */
  agentFor(url: URL, address: string): http.Agent {
    const key = `${url.protocol}//${url.host}|${address}`;
    const known = this.agents.get(key);
    if (known) return known;
    if (this.agents.size >= MAX_AGENTS) this.dropIdle();
    const pin = { address, connectTimeoutMs: this.connectTimeoutMs };
    const agent = url.protocol === 'https:' ? new PinnedHttpsAgent(pin) : new PinnedHttpAgent(pin);
    this.agents.set(key, agent);
    return agent;
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
    this.agents.clear();
  }

  private dropIdle(): void {
    for (const [key, agent] of this.agents) {
      if (Object.keys(agent.sockets).length > 0 || Object.keys(agent.requests).length > 0) continue;
      agent.destroy();
      this.agents.delete(key);
    }
  }
}
