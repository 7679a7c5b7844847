/**
 * Maps the ways providers write a licence to SPDX-like ids, and says what each allows. What cannot be mapped is kept in
 * the provider's words: a wrong id would be worse than none, and an unknown licence passes no filter but 'any'.
 */

/** What a licence must allow to pass; training on pictures under it is for the person who filters to judge. */
export const LICENCE_FILTERS = {
  any: 'every picture, also those whose licence is not known',
  known: 'only pictures whose licence is stated and known to Graft',
  commercial: 'licences that allow commercial use',
  modification: 'licences that allow changed copies (no -ND)',
  'public-domain': 'no rights kept: CC0, public domain mark, works of a government',
} as const;

/** Name of a licence filter. */
export type LicenceFilter = keyof typeof LICENCE_FILTERS;

interface Permissions {
  commercial: boolean;
  modification: boolean;
  publicDomain?: boolean;
}

const FREE: Permissions = { commercial: true, modification: true };
const NO_RIGHTS: Permissions = { ...FREE, publicDomain: true };

/** One row a licence that is not Creative Commons BY: what it allows, and the ways it is written besides its id. */
const OTHER_LICENCES: readonly (readonly [id: string, allows: Permissions, spellings: readonly string[]])[] =
  [
    ['CC0-1.0', NO_RIGHTS, ['cc0', 'cc zero', 'cc0 1.0', 'cc-zero', 'publicdomain/zero']],
    ['CC-PDM-1.0', NO_RIGHTS, ['pdm', 'public domain mark', 'public domain mark 1.0', 'publicdomain/mark']],
    ['LicenseRef-Public-Domain', NO_RIGHTS, ['public domain', 'pd', 'publicdomain', 'no restrictions']],
    ['LicenseRef-US-Government', NO_RIGHTS, ['united states government work', 'pd-usgov']],
    ['Apache-2.0', FREE, ['apache 2.0', 'apache license 2.0', 'apache licence 2.0']],
    ['MIT', FREE, ['expat', 'mit license']],
    ['OFL-1.1', FREE, ['ofl', 'sil open font license 1.1']],
    ['GFDL-1.2', FREE, ['gfdl 1.2']],
    ['GFDL-1.3', FREE, ['gfdl', 'gfdl 1.3', 'gfdl 1.2 or later', 'gnu free documentation license']],
    ['FAL', FREE, ['free art license', 'licence art libre', 'lal-1.3', 'lal']],
    ['LicenseRef-Attribution', FREE, ['attribution', 'copyrighted free use']],
    ['LicenseRef-Pixabay', FREE, ['pixabay', 'pixabay license', 'pixabay content license']],
  ];

const key = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ');

const ID_BY_SPELLING: ReadonlyMap<string, string> = new Map(
  OTHER_LICENCES.flatMap(([id, , spellings]) => [id, ...spellings].map((text) => [key(text), id] as const)),
);
const ALLOWS_BY_ID: ReadonlyMap<string, Permissions> = new Map(
  OTHER_LICENCES.map(([id, allows]) => [id, allows]),
);

/** The elements in the order that Creative Commons writes them. */
const ELEMENTS = ['by', 'nc', 'nd', 'sa'] as const;
const CC_LICENCE = /^(?:cc[- ])?(by(?:[- ](?:nc|nd|sa))*)(?:[- ](\d\.\d))?(?:[- ]([a-z]{2,3}))?$/;
const CC_DEED =
  /^(?:https?:)?\/\/(?:www\.)?creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)(?:\/(\d\.\d))?(?:\/([a-z]{2,3}))?(?:\/|$)/;

function ccId(elements: string, version: string | undefined, port: string | undefined): string {
  const present = new Set(elements.split(/[- ]/));
  const ordered = ELEMENTS.filter((element) => present.has(element));
  return ['CC', ...ordered, version, port]
    .filter((part) => part !== undefined)
    .join('-')
    .toUpperCase();
}

/** From the address of a deed; its last words, '/deed.de' or '/legalcode', are no port to a country. */
function fromDeed(text: string): string | null {
  const deed = CC_DEED.exec(text);
  if (!deed) return null;
  const [, family, elements = '', version, port] = deed;
  if (family === 'publicdomain') return ID_BY_SPELLING.get(`publicdomain/${elements}`) ?? null;
  return CC_LICENCE.test(elements) ? ccId(elements, version, port) : null;
}

/**
 * The id of a licence, from its code ('by-sa', 'cc0'), its id, its name as humans write it ('CC BY-SA 4.0', 'CC BY 3.0
 * de', 'Public domain') or the address of its Creative Commons deed.
 * @returns 'CC-BY-SA-4.0', 'CC0-1.0', 'LicenseRef-...' and so on; the text itself, trimmed, when it is not known
 */
export function normaliseLicence(text: string): string {
  const plain = key(text);
  const known = ID_BY_SPELLING.get(plain) ?? fromDeed(plain);
  if (known) return known;
  const cc = CC_LICENCE.exec(plain);
  return cc?.[1] ? ccId(cc[1], cc[2], cc[3]) : text.trim();
}

/**
 * From a Creative Commons code and its version.
 * @param code 'by-sa', 'cc-by-nc', 'cc0' or 'pdm', any case
 * @param version '4.0'; CC0 and the public domain mark have only one and need none
 */
export function ccLicenceId(code: string, version: string | null): string {
  const id = normaliseLicence(code);
  return version && /^CC-BY[A-Z-]*$/.test(id) ? `${id}-${version.trim()}` : id;
}

/** The address of a Creative Commons deed; `null` for other licences. */
export function licenceUrlOf(id: string): string | null {
  if (id === 'CC0-1.0') return 'https://creativecommons.org/publicdomain/zero/1.0/';
  if (id === 'CC-PDM-1.0') return 'https://creativecommons.org/publicdomain/mark/1.0/';
  const cc = CC_LICENCE.exec(id.toLowerCase());
  if (!cc?.[1] || !cc[2]) return null;
  return `https://creativecommons.org/licenses/${[cc[1], cc[2], cc[3]].filter(Boolean).join('/')}/`;
}

function permissionsOf(licence: string | null): Permissions | null {
  if (!licence) return null;
  const id = normaliseLicence(licence);
  const cc = CC_LICENCE.exec(id.toLowerCase());
  if (!cc?.[1]) return ALLOWS_BY_ID.get(id) ?? null;
  const elements = new Set(cc[1].split('-'));
  return { commercial: !elements.has('nc'), modification: !elements.has('nd') };
}

const PASSES: Readonly<Record<LicenceFilter, (allowed: Permissions | null) => boolean>> = {
  any: () => true,
  known: (allowed) => allowed !== null,
  commercial: (allowed) => allowed?.commercial ?? false,
  modification: (allowed) => allowed?.modification ?? false,
  'public-domain': (allowed) => allowed?.publicDomain ?? false,
};

/** True when a picture under this licence passes the filter; one whose licence is not known passes 'any' only. */
export const licenceAllows = (licence: string | null, filter: LicenceFilter): boolean =>
  PASSES[filter](permissionsOf(licence));
