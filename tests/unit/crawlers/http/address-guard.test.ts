import { describe, expect, it } from 'vitest';
import { addressKind, AddressGuard, normaliseHostEntry } from '../../../../crawlers/http/address-guard.js';

describe('addressKind', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    '%s is public',
    (address) => {
      expect(addressKind(address)).toBe('public');
    },
  );

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '4000::1',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(addressKind(address)).not.toBe('public');
  });
});

describe('normaliseHostEntry', () => {
  it.each([
    ['LocalHost:8080', 'localhost:8080'],
    ['127.1', '127.0.0.1'],
    ['::1', '[::1]'],
    ['[::1]:80', '[::1]:80'],
    ['0:0:0:0:0:0:0:1', '[::1]'],
    ['example.org:443', 'example.org:443'],
    [' example.org ', 'example.org'],
  ])('%s is %s', (entry, name) => {
    expect(normaliseHostEntry(entry)).toBe(name);
  });
});

describe('AddressGuard', () => {
  const guard = (allowed: string[], ...addresses: string[]): AddressGuard =>
    new AddressGuard(
      allowed,
      () => Promise.resolve(addresses),
      () => 0,
    );
  const admit = (one: AddressGuard, url: string) => one.admit(new URL(url));

  it('gives exactly the addresses that were checked', async () => {
    const admitted = await admit(guard([], '8.8.8.8', '2606:4700::1'), 'http://a.test/');
    expect(admitted).toEqual({ ok: true, addresses: ['8.8.8.8', '2606:4700::1'] });
  });

  it('refuses a name with no address or with one that is private', async () => {
    expect(await admit(guard([]), 'http://a.test/')).toMatchObject({ reason: 'unreachable' });
    expect(await admit(guard([], '8.8.8.8', '::1'), 'http://a.test/')).toMatchObject({
      reason: 'private-address',
    });
  });

  it.each([
    ['http://a.test/', ['a.test'], true],
    ['http://A.TEST:80/', ['a.test:80'], true],
    ['https://a.test/', ['a.test:443'], true],
    ['http://a.test:81/', ['a.test:80'], false],
    ['http://b.a.test/', ['a.test'], false],
    ['http://a.test./', ['a.test'], false],
    ['http://2130706433/', ['127.0.0.1'], true],
    ['http://[::1]:9/', ['::1'], true],
    ['http://127.0.0.2/', ['127.0.0.1'], false],
  ])('%s with %j allowed: %s', async (url, allowed, ok) => {
    expect((await admit(guard(allowed, '127.0.0.1'), url)).ok).toBe(ok);
  });

  it('asks again after a failure, and when a minute has passed', async () => {
    let asked = 0;
    let nowMs = 0;
    const one = new AddressGuard(
      [],
      () =>
        ++asked === 1
          ? Promise.reject(Object.assign(new Error(), { code: 'EAI_AGAIN' }))
          : Promise.resolve(['8.8.8.8']),
      () => nowMs,
    );
    expect(await admit(one, 'http://a.test/')).toMatchObject({ reason: 'unreachable', retryable: true });
    expect(await admit(one, 'http://a.test/')).toMatchObject({ ok: true });
    await admit(one, 'http://a.test/');
    expect(asked).toBe(2);
    nowMs = 61_000;
    await admit(one, 'http://a.test/');
    expect(asked).toBe(3);
  });
});
