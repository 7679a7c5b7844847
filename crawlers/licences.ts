/**
 * Maps the ways providers write a licence to SPDX-like ids. What cannot be mapped is kept in the provider's words:
 * a wrong id would be worse than none.
 */

const PUBLIC_DOMAIN: ReadonlyMap<string, string> = new Map([
  ['cc0', 'CC0-1.0'],
  ['pdm', 'CC-PDM-1.0'],
  ['public domain mark', 'CC-PDM-1.0'],
]);

/**
 * From a Creative Commons code and its version.
 * @param code 'by-sa', 'cc-by-nc', 'cc0' or 'pdm', any case
 * @param version '4.0'; CC0 and the public domain mark have only one and need none
 */
export function ccLicenceId(code: string, version: string | null): string {
  const bare = code.trim().toLowerCase();
  const fixed = PUBLIC_DOMAIN.get(bare);
  if (fixed) return fixed;
  const elements = bare.replace(/^cc[- ]/, '');
  if (!/^by(-(nc|nd|sa))*$/.test(elements)) return code.trim();
  return ['CC', elements.toUpperCase(), version?.trim()].filter(Boolean).join('-');
}

/** From a licence's short name as humans write it: 'CC BY-SA 4.0', 'CC0', 'Public domain', 'CC BY 3.0 de'. */
export function licenceIdFromName(name: string): string {
  const text = name.trim();
  const cc = /^cc[ -](by(?:-(?:nc|nd|sa))*)[ -](\d\.\d)(?:[ -]([a-z]{2,3}))?$/i.exec(text);
  if (!cc)
    return /^cc0(?:[ -]1\.0)?$/i.test(text) ? 'CC0-1.0' : (PUBLIC_DOMAIN.get(text.toLowerCase()) ?? text);
  const [, elements = '', version = '', port] = cc;
  const id = ccLicenceId(elements, version);
  return port ? `${id}-${port.toUpperCase()}` : id;
}
