import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { finalFailure, passingFailure, type Failure } from './result.js';

/** Turns a host name into its IP addresses, in the order to try them. Rejects with an error that has a `code`. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

/** Addresses that may be connected to: exactly these, no second look-up. */
export interface Admitted {
  ok: true;
  addresses: readonly string[];
}

/** The system's resolver; IPv4 first, since many machines have no IPv6 route. */
export const systemResolver: Resolver = async (hostname) => {
  const found = await lookup(hostname, { all: true, order: 'ipv4first' });
  return found.map((entry) => entry.address);
};

/** Global unicast; whatever lies outside it is special, deprecated or not given out. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parse('2000::');
/** RFC 6052: IPv4 behind a NAT64 of the network's own. */
const NAT64_V6 = ipaddr.IPv6.parse('64:ff9b::');

/** The IPv4 address inside a mapped or NAT64 address, else the address itself. */
function unwrap(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(NAT64_V6, 96)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return address;
}

/**
 * What kind of network an address lies in: `public`, or the name of the special range ('loopback', 'private',
 * 'linkLocal', 'carrierGradeNat', 'multicast', 'reserved', ...; 'unparsable' when it is no address).
 */
export function addressKind(text: string): string {
  if (!ipaddr.isValid(text)) return 'unparsable';
  const address = unwrap(ipaddr.parse(text));
  const range = address.range();
  if (range !== 'unicast') return range;
  if (address instanceof ipaddr.IPv6 && !address.match(GLOBAL_UNICAST_V6, 3)) return 'reserved';
  return 'public';
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** `host` and `host:port` of a URL as allow-list entries are written; IPv6 keeps its brackets. */
function hostNames(url: URL): [string, string] {
  return [url.hostname, `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`];
}

/** Brings an allow-list entry to the form the URL parser gives: lower case, canonical address, brackets around IPv6. */
export function normaliseHostEntry(entry: string): string {
  const text = entry.trim();
  const wrapped = ipaddr.IPv6.isValid(text) ? `[${text}]` : text;
  // The scheme has no default port, so that ':80' stays; only 'http' canonicalises addresses.
  const port = /:(\d+)$/.exec(wrapped.replace(/^\[.*\]/, ''))?.[1];
  const host = port ? wrapped.slice(0, -port.length - 1) : wrapped;
  if (!URL.canParse(`http://${host}/`)) return text.toLowerCase();
  const { hostname } = new URL(`http://${host}/`);
  return port ? `${hostname}:${port}` : hostname;
}

/** How long a resolved name is trusted; short, yet it spares a look-up for every picture of a host. */
const DNS_CACHE_MS = 60_000;

/** How many addresses of one host are tried. */
const MAX_ADDRESSES = 4;

/**
 * Decides whether a URL's host may be connected to, and at which addresses. A name is resolved once; every address it
 * has must be public, or none is used; the connection then goes to exactly those addresses, so that a name that changes
 * between the check and the connection (DNS rebinding) gains nothing.
 */
export class AddressGuard {
  private readonly allowed: ReadonlySet<string>;
  private readonly cache = new Map<string, { found: Promise<readonly string[]>; expiresAt: number }>();

  /** @param allowPrivateHosts hosts, or host:port, that may lie in private networks; exact, no wildcards */
  constructor(
    allowPrivateHosts: readonly string[],
    private readonly resolve: Resolver,
    private readonly now: () => number,
  ) {
    this.allowed = new Set(allowPrivateHosts.map(normaliseHostEntry));
  }

  /** Checks one hop. A refusal is a value with reason 'private-address' or 'unreachable'. */
  async admit(url: URL): Promise<Admitted | Failure> {
    const host = bareHost(url.hostname);
    // A literal address never reaches a resolver, so it has to be looked at here.
    const literal = ipaddr.isValid(host);
    const addresses = literal ? [host] : await this.lookUp(host);
    return 'reason' in addresses ? addresses : this.judge(url, addresses);
  }

  private judge(url: URL, addresses: readonly string[]): Admitted | Failure {
    if (addresses.length === 0) return finalFailure('unreachable', `${url.hostname} has no address`);
    const bad = addresses.find((address) => addressKind(address) !== 'public');
    if (bad !== undefined && !hostNames(url).some((name) => this.allowed.has(name))) {
      return finalFailure('private-address', `${url.host} leads to ${bad} (${addressKind(bad)})`);
    }
    return { ok: true, addresses: addresses.slice(0, MAX_ADDRESSES) };
  }

  private async lookUp(host: string): Promise<readonly string[] | Failure> {
    try {
      return await this.cached(host);
    } catch (error) {
      this.cache.delete(host);
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      const fail = code === 'EAI_AGAIN' || code === 'ETIMEOUT' ? passingFailure : finalFailure;
      return fail('unreachable', `the name ${host} does not resolve (${code})`);
    }
  }

  private cached(host: string): Promise<readonly string[]> {
    const known = this.cache.get(host);
    if (known && known.expiresAt > this.now()) return known.found;
    const found = this.resolve(host);
    this.cache.set(host, { found, expiresAt: this.now() + DNS_CACHE_MS });
    return found;
  }
}
