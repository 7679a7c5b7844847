import { expect, it } from 'vitest';
import { getProvider, providers, licenceAllows, LICENCE_FILTERS } from '../../../../crawlers/index.js';
import { PROVIDER_SETTINGS, readEnv, variableOf } from '../../../../src/config/env.js';
import { LICENCE_CHOICES } from '../../../../src/config/settings.js';

it('reads the keys of providers, and leaves out what is empty', () => {
  const env = readEnv(
    {},
    { GRAFT_FLICKR_KEY: ' secret ', GRAFT_BRAVE_KEY: '', GRAFT_SEARXNG_URL: 'http://127.0.0.1:8888' },
  );
  expect(env.providerSettings).toEqual({
    'flickr.apiKey': 'secret',
    'searxng.baseUrl': 'http://127.0.0.1:8888',
  });
});

it('has a variable for every key that a provider needs', () => {
  const settings = providers.flatMap(({ needs }) => needs).filter((name) => /apiKey|cx|searxng/.test(name));
  expect(settings.length).toBeGreaterThan(5);
  expect(settings.filter((name) => variableOf(name) === null)).toEqual([]);
  expect(variableOf('gallery.baseUrl')).toBeNull();
  const owners = Object.keys(PROVIDER_SETTINGS).map((name) => name.split('.')[0] ?? '');
  // The browser serves several providers; every other setting belongs to one.
  for (const owner of owners.filter((name) => name !== 'browser')) expect(getProvider(owner).id).toBe(owner);
});

it('offers the licence filters there are', () => {
  expect([...LICENCE_CHOICES].sort()).toEqual(Object.keys(LICENCE_FILTERS).sort());
  expect(licenceAllows('CC-BY-NC-4.0', 'commercial')).toBe(false);
});
