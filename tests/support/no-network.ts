import net from 'node:net';

/** Fails any test that reaches for an address outside this machine: a test must not depend on, or bother, the internet. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || host.startsWith('127.');

const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]): net.Socket {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  const options =
    typeof first === 'object' && first !== null ? (first as { host?: string; path?: string }) : {};
  const host = options.path ? 'localhost' : (options.host ?? 'localhost');
  if (!isLoopback(host)) throw new Error(`Tests may not connect to ${host}: only loopback is allowed.`);
  return Reflect.apply(connect, this, args) as typeof this;
};
