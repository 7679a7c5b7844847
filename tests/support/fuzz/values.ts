import type { Rng } from '../../../zoo/index.js';

/** As much of a JSON schema as the OpenAPI document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly nullable?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

export type Schemas = Readonly<Record<string, Schema>>;

const pick = <T>(rng: Rng, from: readonly T[]): T => from[rng.int(from.length)] as T;
const hex = (rng: Rng, length: number): string =>
  Array.from({ length }, () => rng.int(16).toString(16)).join('');
const WORDS = ['cat', 'dog', 'fox', 'UTC', '* * * * *', 'any', 'x'];

export const uuid = (rng: Rng): string =>
  `${hex(rng, 8)}-${hex(rng, 4)}-4${hex(rng, 3)}-8${hex(rng, 3)}-${hex(rng, 12)}`;

/** Values that a schema allows. */
export class Values {
  constructor(
    private readonly schemas: Schemas,
    private readonly rng: Rng,
  ) {}

  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    return name === undefined ? schema : this.resolve(this.schemas[name] ?? {});
  }

  of(given: Schema): unknown {
    const schema = this.resolve(given);
    if (schema.nullable && this.rng.int(4) === 0) return null;
    if (schema.anyOf) return this.of(pick(this.rng, schema.anyOf));
    if (schema.enum) return pick(this.rng, schema.enum);
    const type = typeof schema.type === 'object' ? pick(this.rng, schema.type) : schema.type;
    if (type === 'object') return this.objectOf(schema);
    if (type === 'array') return this.listOf(schema);
    if (type === 'integer' || type === 'number') return this.numberOf(schema, type === 'integer');
    if (type === 'boolean') return this.rng.int(2) === 0;
    return type === 'null' ? null : this.textOf(schema);
  }

  private objectOf({ properties = {}, required = [], additionalProperties }: Schema): object {
    const chosen = Object.entries(properties).filter(
      ([name]) => required.includes(name) || this.rng.int(2) === 0,
    );
    const own = chosen.map(([name, schema]) => [name, this.of(schema)]);
    const free = typeof additionalProperties === 'object' && this.rng.int(2) === 0;
    return Object.fromEntries(free ? [...own, ['cat', this.of(additionalProperties)]] : own) as object;
  }

  private listOf({ items = {}, minItems = 0 }: Schema): unknown[] {
    return Array.from({ length: Math.max(minItems, this.rng.int(4)) }, () => this.of(items));
  }

  private numberOf({ minimum = -1000, maximum = 1000 }: Schema, whole: boolean): number {
    const value = minimum + this.rng.next() * Math.min(maximum - minimum, 1000);
    return pick(this.rng, [whole ? Math.round(value) : value, minimum, maximum]);
  }

  private textOf({ format, pattern = '', minLength = 0 }: Schema): string {
    if (format === 'uuid') return uuid(this.rng);
    if (format === 'date-time') return `20${10 + this.rng.int(80)}-01-02T03:04:05.000Z`;
    if (pattern.includes('[0-9a-f]{64}')) return hex(this.rng, 64);
    return pick(this.rng, WORDS).padEnd(minLength, 'x');
  }
}
