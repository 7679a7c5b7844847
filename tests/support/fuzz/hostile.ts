import type { Rng } from '../../../zoo/index.js';

/** Texts that have broken programs: in SQL, in paths, in logs, in regular expressions, in databases that want valid UTF-8. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'cat\0dog',
  '\ud800', // half of a surrogate pair
  '\u202egnp.exe',
  'Z̷̢͎a̵l̶g̸o̷',
  'ﷺ👩‍👩‍👧‍👦🇺🇳',
  '\u2028\u2029\ufeff',
  "'; drop table models; --",
  '" or ""="',
  '${7*7} {{7*7}} <%= 7*7 %>',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '..\\..\\windows\\system.ini',
  'file:///etc/passwd',
  'http://169.254.169.254/latest/meta-data',
  'http://127.0.0.1:1/',
  'data:image/png;base64,AAAA',
  '\r\nset-cookie: graft_key=1',
  '%00%0d%0a%2e%2e%2f',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '1e999',
  '-0',
  '99999999999999999999',
  `${'a'.repeat(40)}!`,
  'x'.repeat(100_000),
  '['.repeat(5000),
] as const;

/** Things of every type, to stand where another type is wanted. */
export const HOSTILE_THINGS: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  -2147483649,
  [],
  [[[[]]]],
  {},
  { length: 1e9 },
  { toString: 'x' },
  ['__proto__'],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
];

/** For a place in an address. */
export const HOSTILE_IDS = [
  '%00',
  '%ff',
  '%E0%A4%A',
  '%',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  'null',
  'undefined',
  '0',
  '-1',
  '__proto__',
  '%27%3B--',
  '%F0%9F%91%A9',
  '%0d%0aset-cookie:a=b',
  'champion',
  'champion%3Achampion',
  ':',
  'a'.repeat(6000),
  '00000000-0000-4000-8000-000000000000',
  '00000000-0000-0000-0000-000000000000',
  '00000000-0000-4000-8000-000000000000%00',
  'a'.repeat(64),
  '\xe9\xff',
] as const;

/** For one query parameter: what stands after its name. */
export const HOSTILE_QUERIES = [
  '',
  '=',
  '=%00',
  '=%ff',
  '=%',
  '=-1',
  '=1e400',
  '=NaN',
  '=99999999999999999999',
  '=0x10',
  '=1&{name}=2',
  '[]=1',
  '[a]=1',
  '[__proto__][polluted]=1',
  '[a][b][c][d][e][f][g]=1',
  `=${'a'.repeat(5000)}`,
  '=%27%20or%201%3D1--',
  '=%F0%9F%91%A9%E2%80%AE',
] as const;

const pick = <T>(rng: Rng, from: readonly T[]): T => from[rng.int(from.length)] as T;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with one place of it made hostile: replaced, left out, or joined by one that nobody asked for. */
export function spoil(value: unknown, rng: Rng): unknown {
  const inner = isObject(value) ? Object.keys(value) : Array.isArray(value) ? [...value.keys()] : [];
  if (inner.length === 0 || rng.int(3) === 0) return spoilHere(value, rng);
  const at = pick<string | number>(rng, inner);
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === at ? spoil(item, rng) : item));
  const record = value as Record<string, unknown>;
  return rng.int(4) === 0 ? without(record, at) : { ...record, [at]: spoil(record[at], rng) };
}

function spoilHere(value: unknown, rng: Rng): unknown {
  if (isObject(value) && rng.int(2) === 0)
    return { ...value, [pick(rng, HOSTILE_TEXTS).slice(0, 200)]: pick(rng, HOSTILE_THINGS) };
  if (Array.isArray(value) && rng.int(2) === 0) return Array(rng.int(2000)).fill(value[0] ?? 'x');
  return typeof value === 'string' && rng.int(4) > 0
    ? pick(rng, HOSTILE_TEXTS)
    : pick(rng, [...HOSTILE_THINGS, ...HOSTILE_TEXTS]);
}

const without = (record: Record<string, unknown>, key: string | number): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

/** Bodies that are not what their content type says, or of a type that nobody asked for. */
export const HOSTILE_BODIES: readonly { type: string | null; body: string }[] = [
  { type: 'application/json', body: '' },
  { type: 'application/json', body: '{' },
  { type: 'application/json', body: 'null' },
  { type: 'application/json', body: '"text"' },
  { type: 'application/json', body: '1e999' },
  { type: 'application/json', body: '{"a":1}trailing' },
  { type: 'application/json', body: `${'['.repeat(20_000)}${']'.repeat(20_000)}` },
  { type: 'application/json', body: `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}` },
  { type: 'application/json', body: '\ufeff{}' },
  { type: 'application/json; charset=utf-7', body: '{}' },
  { type: 'application/json; charset=utf-16', body: '{}' },
  { type: 'application/json; charset="', body: '{}' },
  { type: 'application/vnd.api+json', body: '{}' },
  { type: 'application/xml', body: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>' },
  { type: 'application/x-www-form-urlencoded', body: 'a[__proto__][b]=1&a=%00' },
  { type: 'text/plain', body: '{}' },
  { type: 'image/png', body: '\x89PNG\r\n\x1a\n' },
  { type: 'multipart/form-data', body: 'x' },
  { type: 'multipart/form-data; boundary=', body: 'x' },
  { type: `multipart/form-data; boundary=${'b'.repeat(2000)}`, body: 'x' },
  { type: 'multipart/form-data; boundary=x', body: '--x\r\n\r\n\r\n--x--' },
  { type: 'multipart/form-data; boundary=x', body: '--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--' },
  { type: 'multipart/form-data; boundary=x', body: formOf('__proto__', '../../x\0.zip', 'PK\x03\x04') },
  { type: 'multipart/form-data; boundary=x', body: formOf('a[b][c]', '', '') },
  { type: 'multipart/form-data; boundary=x', body: formOf('files', 'a.zip', 'PK\x05\x06'.padEnd(22, '\0')) },
  { type: 'multipart/form-data; boundary=x', body: formOf('picture', 'cat\0dog', 'GIF89a') },
  { type: 'multipart/form-data; boundary=x', body: formOf('label', null, '\0') },
  { type: 'multipart/form-data; boundary=x', body: formOf('n'.repeat(3000), 'f'.repeat(3000), 'x') },
  { type: 'nonsense', body: '{}' },
  { type: '*/*', body: '{}' },
  { type: null, body: '{}' },
];

function formOf(field: string, file: string | null, content: string): string {
  const name = file === null ? '' : `; filename="${file}"`;
  return `--x\r\nContent-Disposition: form-data; name="${field}"${name}\r\n\r\n${content}\r\n--x--`;
}
