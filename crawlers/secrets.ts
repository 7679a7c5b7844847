import type { ProviderFacts, ProviderSettings } from './provider.js';

/** Shorter values are no keys, and would be found in any text. */
const MIN_SECRET_LENGTH = 6;

/** Settings that are no secret: addresses and paths. */
const PUBLIC_SETTING = /\.(baseUrl|url|path)$/;

/**
 * Takes a provider's keys out of texts: what a service, a redirect or an error says may repeat the request, and with it
 * the key.
 */
export function keyRemover({ needs }: ProviderFacts, settings: ProviderSettings): (text: string) => string {
  const keys = needs
    .filter((name) => !PUBLIC_SETTING.test(name))
    .map((name) => settings[name] ?? '')
    .filter((value) => value.length >= MIN_SECRET_LENGTH);
  const spellings = keys.flatMap((value) => [value, encodeURIComponent(value)]);
  return (text) => spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '[key]'), text);
}
