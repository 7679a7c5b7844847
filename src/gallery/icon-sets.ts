import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { z } from 'zod';

const require = createRequire(import.meta.url);

/** The icon sets the gallery shows: five artists or groups drawing the same things in their own ways. */
export const ICON_SET_IDS = ['noto', 'twemoji', 'openmoji', 'emojione', 'fxemoji'] as const;
export type IconSetId = (typeof ICON_SET_IDS)[number];

const iconSchema = z.object({
  body: z.string(),
  left: z.number().optional(),
  top: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  hidden: z.boolean().optional(),
});

const iconsFileSchema = z.object({
  width: z.number(),
  height: z.number(),
  icons: z.record(z.string(), iconSchema),
  aliases: z.record(z.string(), z.object({ parent: z.string() })).default({}),
});

const infoFileSchema = z.object({
  name: z.string(),
  author: z.object({ name: z.string(), url: z.string() }),
  license: z.object({ title: z.string(), spdx: z.string(), url: z.string() }),
});

const charsFileSchema = z.record(z.string(), z.string());
const keywordsFileSchema = z.record(z.string(), z.array(z.string()).nonempty());

/** One icon's drawing: an SVG fragment and the box it is drawn in. */
export interface Drawing {
  readonly body: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Who made a set and under which licence its pictures may be used. */
export interface Credit {
  readonly setTitle: string;
  readonly creator: string;
  readonly creatorUrl: string;
  readonly licence: string;
  readonly licenceTitle: string;
  readonly licenceUrl: string;
}

export interface IconSet {
  readonly id: IconSetId;
  readonly credit: Credit;
  readonly drawings: ReadonlyMap<string, Drawing>;
  /** Other names of an icon, by the icon's own name. */
  readonly otherNames: ReadonlyMap<string, readonly string[]>;
  /** The emoji an icon draws, as hexadecimal code points without variation selectors, by the icon's name. */
  readonly codeOf: ReadonlyMap<string, string>;
}

async function readJson<T>(specifier: string, schema: z.ZodType<T>): Promise<T> {
  const path = require.resolve(specifier);
  return schema.parse(JSON.parse(await readFile(path, 'utf8')));
}

const VARIATION_SELECTOR = 'fe0f';

const withoutSelector = (code: string): string =>
  code
    .split('-')
    .filter((point) => point !== VARIATION_SELECTOR)
    .join('-');

function codeOfEmoji(emoji: string): string {
  return withoutSelector([...emoji].map((char) => (char.codePointAt(0) ?? 0).toString(16)).join('-'));
}

function drawingsOf(file: z.infer<typeof iconsFileSchema>): Map<string, Drawing> {
  // Hidden icons are withdrawn ones, kept by the publisher for old pages only.
  const shown = Object.entries(file.icons).filter(([, icon]) => icon.hidden !== true);
  const { width, height } = file;
  return new Map(shown.map(([name, icon]) => [name, { left: 0, top: 0, width, height, ...icon }]));
}

function otherNamesOf(aliases: Readonly<Record<string, { parent: string }>>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [alias, { parent }] of Object.entries(aliases)) {
    names.set(parent, [...(names.get(parent) ?? []), alias]);
  }
  return names;
}

function creditOf(info: z.infer<typeof infoFileSchema>): Credit {
  return {
    setTitle: info.name,
    creator: info.author.name,
    creatorUrl: info.author.url,
    licence: info.license.spdx,
    licenceTitle: info.license.title,
    licenceUrl: info.license.url,
  };
}

/** Reads one installed set; rejects when the package is missing or its files have another shape. */
export async function readIconSet(id: IconSetId): Promise<IconSet> {
  const folder = `@iconify-json/${id}`;
  const [file, info, chars] = await Promise.all([
    readJson(`${folder}/icons.json`, iconsFileSchema),
    readJson(`${folder}/info.json`, infoFileSchema),
    readJson(`${folder}/chars.json`, charsFileSchema),
  ]);
  return {
    id,
    credit: creditOf(info),
    drawings: drawingsOf(file),
    otherNames: otherNamesOf(file.aliases),
    codeOf: new Map(Object.entries(chars).map(([code, name]) => [name, withoutSelector(code)])),
  };
}

/** `emojilib`'s keywords of each emoji, by code points without variation selectors; the first is the emoji's short name. */
export async function readKeywords(): Promise<Map<string, readonly string[]>> {
  const file = await readJson('emojilib', keywordsFileSchema);
  return new Map(Object.entries(file).map(([emoji, keywords]) => [codeOfEmoji(emoji), keywords]));
}
