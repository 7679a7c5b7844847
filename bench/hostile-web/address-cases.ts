import { sendPng, type HostileCase } from './wire.js';

const literal = (host: string): HostileCase => ({
  name: `address ${host}`,
  expected: 'private-address',
  url: (ports) => `http://${host}:${ports.http}/victim.png`,
  goodBeside: false,
});

const refused = (url: string): HostileCase => ({
  name: `address ${url.slice(0, 40)}`,
  expected: 'bad-url',
  url: () => url,
  goodBeside: false,
});

const named = (name: string, ...addresses: string[]): HostileCase => ({
  name: `name of ${name}`,
  expected: 'private-address',
  resolvesTo: [addresses],
  allowed: false,
  goodBeside: false,
});

/** A public address; nothing can be sent to it here, and nothing may be sent anywhere else. */
const PUBLIC = '93.184.216.34';

/** Addresses that lead where they must not. */
export const ADDRESS_CASES: readonly HostileCase[] = [
  ...[
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ftp://a.test/a.png',
    '/relative.png',
    'http://',
  ].map(refused),
  refused('http://me:secret@a.test/a.png'),
  {
    name: 'mixed-case scheme and host',
    expected: 'fetched',
    url: (ports, host) => `HtTp://${host.toUpperCase()}:${ports.http}/a#top`,
    reply: sendPng,
  },
  ...[
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0177.0.0.01',
    '0x7f000001',
    '0x7f.0.0.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
  ].map(literal),
  named('10.0.0.7', '10.0.0.7'),
  named('169.254.169.254', '169.254.169.254'),
  named('mapped loopback', '::ffff:127.0.0.1'),
  named('NAT64 loopback', '64:ff9b::7f00:1'),
  named('one public and one private address', PUBLIC, '10.0.0.7'),
  { name: 'name that does not exist', expected: 'unreachable', resolvesTo: [[]], goodBeside: false },
  {
    name: 'DNS rebinding: public when checked, loopback after',
    expected: 'unreachable',
    detail: new RegExp(PUBLIC.replaceAll('.', '\\.')),
    resolvesTo: [[PUBLIC], ['127.0.0.1']],
    allowed: false,
    goodBeside: false,
  },
  {
    name: 'nobody listens',
    expected: 'unreachable',
    url: (_ports, host) => `http://${host}:1/a`,
    goodBeside: false,
  },
  {
    name: 'self-signed certificate',
    expected: 'unreachable',
    detail: /self.signed/,
    url: (ports, host) => `https://${host}:${ports.tls}/a`,
    goodBeside: false,
  },
  {
    name: 'TLS asked of plain HTTP',
    expected: 'unreachable',
    url: (ports, host) => `https://${host}:${ports.http}/a`,
    goodBeside: false,
  },
  {
    name: 'TLS that never comes about',
    expected: 'timeout',
    detail: /no connection after/,
    url: (ports, host) => `https://${host}:${ports.silent}/a`,
    goodBeside: false,
  },
];
