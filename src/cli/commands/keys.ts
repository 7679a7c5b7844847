import type { Command } from 'commander';
import { z } from 'zod';
import {
  auditPageSchema,
  createdKeySchema,
  keySchema,
  SCOPES,
  type KeyView,
  type Scope,
} from '../../http/api/access.js';
import { segment } from '../client.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { usageError } from '../errors.js';
import { collectList, parseCount } from '../options.js';
import { renderTable, type Column } from '../render/table.js';
import { withDataFolder, withJson } from './shared.js';

interface CreateOptions extends DataOptions {
  name: string;
  scope: string[];
  expires?: string;
}

/** `graft keys create`, `list` and `revoke`, and `graft audit`. */
export function registerKeys(program: Command, context: CliContext): void {
  const keys = program.command('keys').description('API keys, for a service that others can reach');
  const create = keys
    .command('create')
    .description('make a key; it is shown once')
    .requiredOption('--name <name>', 'who or what uses it')
    .requiredOption('--scope <scopes>', `what it may do: ${SCOPES.join(', ')}`, collectList)
    .option('--expires <date>', 'when it ends, such as 2027-01-31');
  withJson(withDataFolder(create)).action((options: CreateOptions) => createKey(context, options));
  const list = keys.command('list').description('all keys, with what each may do');
  withJson(withDataFolder(list)).action((options: DataOptions) => listKeys(context, options));
  const revoke = keys
    .command('revoke')
    .description('make a key worthless')
    .argument('<key>', 'id of the key, or its beginning, or its name');
  withJson(withDataFolder(revoke)).action((key: string, options: DataOptions) =>
    revokeKey(context, key, options),
  );
  const audit = program
    .command('audit')
    .description('who did what that needs the scope admin, newest first')
    .option('--limit <n>', 'entries to list', parseCount, 50);
  withJson(withDataFolder(audit)).action((options: DataOptions & { limit: number }) =>
    showAudit(context, options),
  );
}

function scopesOf(names: readonly string[]): Scope[] {
  return names.map((name) => {
    const scope = SCOPES.find((one) => one === name.toLowerCase());
    if (scope) return scope;
    throw usageError('bad-usage', `${name} is no scope.`, `There are: ${SCOPES.join(', ')}.`);
  });
}

function dateOf(raw: string | undefined): string | null {
  if (raw === undefined) return null;
  const date = new Date(raw);
  if (Number.isNaN(date.getTime()))
    throw usageError('bad-usage', `${raw} is no date.`, 'Write it as 2027-01-31.');
  return date.toISOString();
}

async function createKey(context: CliContext, options: CreateOptions): Promise<void> {
  const json = {
    name: options.name,
    scopes: scopesOf(options.scope),
    expiresAt: dateOf(options.expires),
  };
  const created = await withService(
    context,
    envFor(options),
    ({ client }) => client.read('/keys', createdKeySchema, { method: 'POST', json }),
    { idle: true },
  );
  if (options.json) return context.output.printJson(created);
  context.output.note('Keep it safe: it is not shown again, and only its hash is kept.');
  context.output.print(created.key);
}

const COLUMNS: readonly Column[] = [
  { title: 'id' },
  { title: 'name' },
  { title: 'key' },
  { title: 'scopes' },
  { title: 'made' },
  { title: 'last used' },
  { title: 'state' },
];

const dayOf = (time: string | null): string => time?.slice(0, 10) ?? '–';

function stateOf({ revokedAt, expiresAt }: KeyView): string {
  if (revokedAt !== null) return `revoked ${dayOf(revokedAt)}`;
  return expiresAt === null ? 'in use' : `until ${dayOf(expiresAt)}`;
}

async function listKeys(context: CliContext, options: DataOptions): Promise<void> {
  const keys = await withService(
    context,
    envFor(options),
    ({ client }) => client.read('/keys', z.array(keySchema)),
    { idle: true },
  );
  if (options.json) return context.output.printJson(keys);
  const rows = keys.map((key) => [
    key.id.slice(0, 8),
    key.name,
    `${key.start}…`,
    key.scopes.join(', '),
    dayOf(key.createdAt),
    dayOf(key.lastUsedAt),
    stateOf(key),
  ]);
  const none = 'No keys yet: npx graft keys create --name laptop --scope admin';
  context.output.print(rows.length === 0 ? none : renderTable(COLUMNS, rows));
}

async function revokeKey(context: CliContext, start: string, options: DataOptions): Promise<void> {
  const revoked = await withService(
    context,
    envFor(options),
    async ({ client }) => {
      const keys = await client.read('/keys', z.array(keySchema));
      const found = keys.filter(
        ({ id, name, revokedAt }) => revokedAt === null && (id.startsWith(start) || name === start),
      );
      const [key] = found;
      if (!key || found.length > 1)
        throw usageError(
          key ? 'ambiguous-key' : 'not-found',
          key ? `Several keys match ${start}.` : `There is no key ${start} in use.`,
          '`npx graft keys list` lists them.',
        );
      return client.read(`/keys/${segment(key.id)}`, keySchema, { method: 'DELETE' });
    },
    { idle: true },
  );
  if (options.json) return context.output.printJson(revoked);
  context.output.print(`The key ${revoked.name} (${revoked.start}…) is worth nothing from now on.`);
}

async function showAudit(context: CliContext, options: DataOptions & { limit: number }): Promise<void> {
  const limit = Math.min(500, options.limit);
  const page = await withService(
    context,
    envFor(options),
    ({ client }) => client.read(`/audit?limit=${limit}`, auditPageSchema),
    { idle: true },
  );
  if (options.json) return context.output.printJson(page);
  const rows = page.items.map(({ at, actor, action, target, status, address }) => [
    at.slice(0, 19).replace('T', ' '),
    actor,
    action,
    Object.values(target).join(' '),
    String(status),
    address ?? '–',
  ]);
  const titles = ['when', 'who', 'what', 'of', 'status', 'from'].map((title) => ({ title }));
  context.output.print(rows.length === 0 ? 'Nothing has been done yet.' : renderTable(titles, rows));
}
