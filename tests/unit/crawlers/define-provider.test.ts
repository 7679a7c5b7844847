import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProviderError } from '../../../crawlers/errors.js';
import { defineProvider, providerOrigin } from '../../../crawlers/define-provider.js';

const toy = defineProvider({
  id: 'toy',
  title: 'Toy',
  homepage: 'https://toy.test',
  terms: 'none',
  needs: ['toy.baseUrl'],
  status: 'opt-in',
  licenceKnown: false,
  matches: 'text',
  offline: true,
  origin: { setting: 'toy.baseUrl' },
  maxPages: 1,
  shape: z.object({ rows: z.array(z.object({ src: z.string() })) }),
  buildRequest: ({ settings }) => ({ url: `${settings['toy.baseUrl']}/search` }),
  readPage: (reply) => ({
    results: reply.rows.map(({ src }) => ({ imageUrl: src })),
    received: reply.rows.length,
    next: null,
  }),
  readRefusal: (reply) =>
    typeof reply === 'object' && reply !== null && 'error' in reply
      ? { reason: 'quota', detail: 'used up' }
      : null,
});

const request = { query: 'x', cursor: null, settings: { 'toy.baseUrl': 'http://toy.test:81/api' } };
const parse = (body: string) => () => toy.parsePage(body, request);

describe('defineProvider', () => {
  it('reads a reply of the known shape and ignores added fields', () => {
    expect(parse('{"rows":[{"src":"http://a.test/1","new":true}],"more":1}')()).toEqual({
      results: [{ imageUrl: 'http://a.test/1' }],
      received: 1,
      next: null,
    });
  });

  it('names the field that changed, the provider, its host and what to try', () => {
    expect(parse('{"rows":[{"src":"a"},{"href":"b"}]}')).toThrow(
      /Provider "toy" \(toy\.test:81\) changed: .*field rows\.1\.src: .*--provider/,
    );
    expect(parse('<html>')).toThrow(/not JSON: "<html>"/);
    expect(parse('7')).toThrow(/the whole reply/);
  });

  it("passes on the service's own refusal", () => {
    expect(parse('{"error":1}')).toThrow(
      expect.objectContaining({ reason: 'quota', detail: 'used up' }) as Error,
    );
  });
});

describe('providerOrigin', () => {
  const cases: Record<string, string>[] = [
    {},
    { 'toy.baseUrl': 'localhost' },
    { 'toy.baseUrl': 'ftp://toy.test' },
  ];
  it.each(cases)('refuses %j', (settings) => {
    expect(() => providerOrigin(toy, settings)).toThrow(ProviderError);
    expect(() => providerOrigin(toy, settings)).toThrow(/toy\.baseUrl/);
  });
});
