import type { z } from 'zod';
import { ProviderError, type ProviderErrorReason } from './errors.js';
import type {
  ApiProvider,
  BrowserProvider,
  Derived,
  HarvestRecipe,
  PageRequest,
  ProviderFacts,
  ProviderHttpRequest,
  ProviderId,
  ProviderOrigin,
  ProviderPage,
  ProviderSettings,
  ServiceFacts,
} from './provider.js';

/** An error that the service reports inside a reply with status 200. */
export interface ServiceRefusal {
  reason: ProviderErrorReason;
  detail: string;
}

/** Reads replies that are JSON. */
export interface JsonReader<Shape> {
  buildRequest(request: PageRequest): ProviderHttpRequest;
  /** Only the fields that are read; unknown ones are ignored, so that an added field breaks nothing. */
  shape: z.ZodType<Shape>;
  readPage: (reply: Shape, request: PageRequest) => ProviderPage;
  /** Looks for an error reply before the shape is checked. */
  readRefusal?: (reply: unknown) => ServiceRefusal | null;
}

/** A provider whose replies are JSON. */
export type JsonProvider<Shape> = ServiceFacts & JsonReader<Shape>;

const originSetting = (origin: ProviderOrigin): string | undefined =>
  typeof origin === 'string' ? undefined : origin.setting;

/** The address that the facts and settings give, checked or not; `undefined` when there is none. */
function statedOrigin({ origin }: ServiceFacts, settings: ProviderSettings): string | undefined {
  return typeof origin === 'string' ? origin : settings[origin.setting] || origin.fallback;
}

/** True when the provider's host is known under these settings. */
export const hasOrigin = (provider: ServiceFacts, settings: ProviderSettings): boolean =>
  statedOrigin(provider, settings) !== undefined;

/**
 * Scheme and host of a provider's search service under these settings.
 * @throws ProviderError reason 'needs-key' when the setting is missing or not an http(s) URL.
 */
export function providerOrigin(provider: ServiceFacts, settings: ProviderSettings): URL {
  const value = statedOrigin(provider, settings);
  if (value && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return new URL(value);
  const name = originSetting(provider.origin) ?? 'origin';
  const detail = value
    ? `the setting ${name} is not an http(s) URL: ${value}`
    : `the setting ${name} is missing`;
  throw new ProviderError(provider.id, 'no host yet', 'needs-key', detail);
}

/** The value of a setting that a provider cannot do without. @throws ProviderError reason 'needs-key' */
export function requiredSetting({ id }: { id: string }, settings: ProviderSettings, name: string): string {
  const value = settings[name];
  if (value) return value;
  throw new ProviderError(id, 'no host yet', 'needs-key', `not set: ${name}`);
}

/** Adds what follows from the other facts. */
export const withDerived = <Facts extends ProviderFacts>(facts: Facts): Facts & Derived => ({
  ...facts,
  enabledByDefault: facts.status === 'default',
});

/** Makes an API provider out of facts, a request builder and a zod shape with its reader. */
export function defineProvider<Shape>(definition: JsonProvider<Shape>): ApiProvider {
  const { shape, readPage, readRefusal, ...rest } = definition;
  const parsePage = jsonPageParser(
    { shape, readPage, readRefusal },
    rest.id,
    (request) => providerOrigin(rest, request.settings).host,
  );
  return { kind: 'api', ...withDerived(rest), parsePage };
}

/** Makes a provider whose pages are rendered; its shape is that of the harvest. */
export function defineBrowserProvider<Shape>(
  definition: JsonProvider<Shape> & { harvest: HarvestRecipe },
): BrowserProvider {
  const { shape, readPage, readRefusal, ...rest } = definition;
  const parsePage = jsonPageParser(
    { shape, readPage, readRefusal },
    rest.id,
    (request) => new URL(rest.buildRequest(request).url).host,
  );
  return { kind: 'browser', ...withDerived(rest), parsePage };
}

function jsonPageParser<Shape>(
  reader: Omit<JsonReader<Shape>, 'buildRequest'>,
  id: ProviderId,
  hostOf: (request: PageRequest) => string,
): (body: string, request: PageRequest) => ProviderPage {
  return (body, request) => {
    const fail = (reason: ProviderErrorReason, detail: string): never => {
      throw new ProviderError(id, hostOf(request), reason, detail);
    };
    const reply = parseJson(body);
    if (reply === undefined) return fail('changed', `the reply is not JSON: ${excerpt(body)}`);
    const refusal = reader.readRefusal?.(reply) ?? null;
    if (refusal) return fail(refusal.reason, refusal.detail);
    const parsed = reader.shape.safeParse(reply);
    if (!parsed.success) return fail('changed', describeIssues(parsed.error));
    return reader.readPage(parsed.data, request);
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

const excerpt = (body: string): string => JSON.stringify(body.slice(0, 60));

function describeIssues(error: z.ZodError): string {
  const named = error.issues.slice(0, 3).map((issue) => {
    const field = issue.path.map(String).join('.') || 'the whole reply';
    return `field ${field}: ${issue.message}`;
  });
  return `the reply has another shape (${named.join('; ')})`;
}
