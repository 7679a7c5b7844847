import { createRng, type Rng } from '../../../zoo/index.js';
import { HOSTILE_BODIES, HOSTILE_IDS, HOSTILE_QUERIES, spoil } from './hostile.js';
import { uuid, Values, type Schema, type Schemas } from './values.js';

/** One request. */
export interface Case {
  /** Of which operation it is, such as `POST /api/projects/{projectId}/runs`. */
  readonly operation: string;
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly type: string | null;
  readonly body: string | null;
}

interface Operation {
  readonly parameters?: readonly { in: string; name: string; required?: boolean; schema: Schema }[];
  readonly requestBody?: { content: Readonly<Record<string, { schema: Schema }>> };
}

/** An OpenAPI document, as far as this reads it. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

export interface FuzzOptions {
  readonly seed: number;
  /** Requests with a body that was right and has one place spoiled, an operation. */
  readonly spoiled: number;
  /** What exists, by the name of its place in an address: most requests ask for that, so that they get past the look-up. */
  readonly known: Readonly<Record<string, string>>;
}

/** Requests to every operation of a document: sound ones, and those with a bad id, query, body or content type. */
export function casesOf(document: Document, options: FuzzOptions): Case[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      new OperationFuzz(document, options, method.toUpperCase(), path, operation).cases(),
    ),
  );
}

class OperationFuzz {
  private readonly rng: Rng;
  private readonly values: Values;
  private readonly name: string;

  constructor(
    { components }: Document,
    private readonly options: FuzzOptions,
    private readonly method: string,
    private readonly path: string,
    private readonly operation: Operation,
  ) {
    this.name = `${method} ${path}`;
    this.rng = createRng(`fuzz/${options.seed}/${this.name}`);
    this.values = new Values(components.schemas, this.rng);
  }

  cases(): Case[] {
    const some = <T>(from: readonly T[]): T[] => this.rng.shuffle(from).slice(0, 5);
    const parameters = (place: string) => (this.operation.parameters ?? []).filter((one) => one.in === place);
    const ids = parameters('path').flatMap(({ name }) =>
      some(HOSTILE_IDS).map((id) => this.request(`${name} ${id.slice(0, 50)}`, { ids: { [name]: id } })),
    );
    const queries = parameters('query').flatMap(({ name }) =>
      some(HOSTILE_QUERIES).map((text) => {
        const query = `${name}${text.replaceAll('{name}', name)}`;
        return this.request(`query ${query.slice(0, 50)}`, { query });
      }),
    );
    const sound = [0, 1].map(() => this.request('sound', this.soundParts()));
    return [...sound, this.request('of nothing', { ids: this.unknownIds() }), ...ids, ...queries].concat(
      this.method === 'GET' ? [] : [...this.spoiledBodies(), ...this.hostileBodies()],
    );
  }

  private soundParts(): Partial<Case> & { query: string } {
    const query = (this.operation.parameters ?? [])
      .filter((one) => one.in === 'query' && (one.required || this.rng.int(2) === 0))
      .map(({ name, schema }) => `${name}=${encodeURIComponent(String(this.values.of(schema)))}`);
    return { query: query.join('&'), ...this.soundBody() };
  }

  private jsonSchema(): Schema | undefined {
    return this.operation.requestBody?.content['application/json']?.schema;
  }

  private soundBody(): { type?: string; body?: string } {
    const schema = this.jsonSchema();
    if (!schema) return {};
    return { type: 'application/json', body: JSON.stringify(this.values.of(schema)) };
  }

  private spoiledBodies(): Case[] {
    const schema = this.jsonSchema();
    if (!schema) return [];
    return Array.from({ length: this.options.spoiled }, () => {
      const body = JSON.stringify(spoil(this.values.of(schema), this.rng)) ?? 'null';
      return this.request(`body ${body.slice(0, 200)}`, { type: 'application/json', body });
    });
  }

  private hostileBodies(): Case[] {
    return HOSTILE_BODIES.map(({ type, body }) =>
      this.request(`${type}: ${body.slice(0, 50)}`, { type, body }),
    );
  }

  private unknownIds(): Record<string, string> {
    const names = (this.operation.parameters ?? []).filter((one) => one.in === 'path');
    return Object.fromEntries(names.map(({ name }) => [name, uuid(this.rng)]));
  }

  private request(what: string, { ids = {}, query = '', type = null, body = null }: Parts): Case {
    const place = (_: string, name: string): string =>
      ids[name] ?? this.options.known[name] ?? '00000000-0000-4000-8000-000000000000';
    const path = `${this.path.replaceAll(/\{([^}]+)\}/g, place)}${query === '' ? '' : `?${query}`}`;
    return { operation: this.name, what, method: this.method, path, type, body };
  }
}

interface Parts {
  readonly ids?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly type?: string | null;
  readonly body?: string | null;
}
