import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { providers } from '../crawlers/index.js';
import { AppModule, type Platform } from '../src/app.module.js';
import { envTable, readEnv } from '../src/config/env.js';
import { projectRoot } from '../src/config/version.js';
import { openApiDocument } from '../src/http/openapi.js';
import { backbones, heads } from '../zoo/index.js';

/**
 * Writes what is generated from the sources: the tables between markers in README.md, docs/openapi.json, and of that the
 * types of the dashboard's client.
 * With --check it writes nothing and fails when a file is stale.
 */

const row = (...cells: unknown[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

const table = (head: string[], rows: unknown[][]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const isPlain = (value: unknown): value is string | number | boolean =>
  ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && value !== '');

function defaultOf(schema: { safeParse(value: undefined): { success: boolean; data?: unknown } }): string {
  const result = schema.safeParse(undefined);
  return result.success && isPlain(result.data) ? `\`${result.data}\`` : '';
}

const TABLES: Record<string, () => string> = {
  env: () =>
    table(
      ['variable', 'default', 'meaning'],
      Object.entries(envTable).map(([name, { schema, help }]) => [`\`${name}\``, defaultOf(schema), help]),
    ),
  providers: () =>
    table(
      ['provider', 'on by default', 'needs', 'terms'],
      providers.map((provider) => [
        `[\`${provider.id}\`](${provider.homepage})`,
        provider.enabledByDefault ? 'yes' : 'no',
        provider.needs.filter((name) => name !== 'gallery.baseUrl').join(', ') || 'nothing',
        provider.terms,
      ]),
    ),
  backbones: () =>
    table(
      ['backbone', 'family', 'pretrained on', 'weights', 'licence', 'from'],
      backbones.map((card) => [
        `\`${card.id}\``,
        card.family,
        card.pretrainedOn,
        megabytes(card.weights.bytes ?? 0),
        card.licence,
        card.origin,
      ]),
    ),
  heads: () =>
    table(
      ['head', 'what it is', 'settings tried'],
      heads.map((head) => [`\`${head.id}\``, head.title, head.grid.length]),
    ),
};

function fillTables(text: string): string {
  return text.replace(
    /(<!-- generated:(\w+) -->\n)[\s\S]*?(<!-- \/generated -->)/g,
    (_all, open: string, name: string, close: string) => {
      const make = TABLES[name];
      if (!make)
        throw new Error(
          `README.md asks for an unknown table "${name}"; there are: ${Object.keys(TABLES).join(', ')}.`,
        );
      return `${open}${make()}\n${close}`;
    },
  );
}

async function openApi(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'graft-gen-'));
  // In preview mode nothing is made, only described: the ports are never touched.
  const ports = { env: { ...readEnv(), dataDir } } as Platform;
  const app: INestApplication = await NestFactory.create(AppModule.with(ports), {
    logger: false,
    preview: true,
    abortOnError: false,
  });
  const text = JSON.stringify(openApiDocument(app), null, 2);
  await rm(dataDir, { recursive: true, force: true });
  return `${text}\n`;
}

/** Fields with a default count as always there, which holds for answers; what is asked may leave them out. */
async function clientTypes(document: string): Promise<string> {
  const nodes = await openapiTS(JSON.parse(document) as OpenAPI3);
  return `// Written by \`npm run gen\` from docs/openapi.json. Do not edit.\n${astToString(nodes)}`;
}

async function main(): Promise<void> {
  const check = process.argv.includes('--check');
  const readme = join(projectRoot(), 'README.md');
  const document = await openApi();
  const files = new Map<string, string>([
    [readme, fillTables(await readFile(readme, 'utf8'))],
    [join(projectRoot(), 'docs', 'openapi.json'), document],
    [join(projectRoot(), 'web', 'src', 'api', 'schema.d.ts'), await clientTypes(document)],
  ]);
  const stale: string[] = [];
  for (const [path, text] of files) {
    if ((await readFile(path, 'utf8').catch(() => '')) === text) continue;
    stale.push(path);
    if (!check) await writeFile(path, text);
  }
  if (check && stale.length > 0) {
    process.stderr.write(`Stale: ${stale.join(', ')}. Run \`npm run gen\` and commit the result.\n`);
    process.exit(1);
  }
  process.stdout.write(
    stale.length === 0 ? 'Generated files are up to date.\n' : `Wrote ${stale.join(', ')}.\n`,
  );
}

await main();
