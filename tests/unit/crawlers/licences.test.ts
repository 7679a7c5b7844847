import { describe, expect, it } from 'vitest';
import {
  ccLicenceId,
  LICENCE_FILTERS,
  licenceAllows,
  licenceUrlOf,
  normaliseLicence,
  type LicenceFilter,
} from '../../../crawlers/licences.js';

describe('ccLicenceId', () => {
  it.each([
    ['by-sa', '2.0', 'CC-BY-SA-2.0'],
    ['cc-by-nc', '4.0', 'CC-BY-NC-4.0'],
    ['CC BY-ND', '3.0', 'CC-BY-ND-3.0'],
    ['by', null, 'CC-BY'],
    ['cc0', null, 'CC0-1.0'],
    ['cc0', '1.0', 'CC0-1.0'],
    ['pdm', '1.0', 'CC-PDM-1.0'],
    ['sampling+', '1.0', 'sampling+'],
  ])('%s %s is %s', (code, version, id) => {
    expect(ccLicenceId(code, version)).toBe(id);
  });
});

describe('normaliseLicence', () => {
  it.each([
    ['CC BY-SA 4.0', 'CC-BY-SA-4.0'],
    ['CC-BY-SA-4.0', 'CC-BY-SA-4.0'],
    ['CC BY 3.0 us', 'CC-BY-3.0-US'],
    ['cc-by-sa-nc-2.0', 'CC-BY-NC-SA-2.0'],
    [' cc0 ', 'CC0-1.0'],
    ['CC0 1.0', 'CC0-1.0'],
    ['Public domain', 'LicenseRef-Public-Domain'],
    ['https://creativecommons.org/licenses/by-nc-nd/2.0/', 'CC-BY-NC-ND-2.0'],
    ['http://creativecommons.org/licenses/by/3.0/de/deed.de', 'CC-BY-3.0-DE'],
    ['//creativecommons.org/licenses/by-sa/4.0/legalcode', 'CC-BY-SA-4.0'],
    ['https://creativecommons.org/publicdomain/zero/1.0/', 'CC0-1.0'],
    ['https://creativecommons.org/publicdomain/mark/1.0/', 'CC-PDM-1.0'],
    [
      'https://evil.test/creativecommons.org/licenses/by/4.0/',
      'https://evil.test/creativecommons.org/licenses/by/4.0/',
    ],
    ['GFDL', 'GFDL-1.3'],
    ['apache 2.0', 'Apache-2.0'],
    ['CC BY-SA 4.0 or GFDL', 'CC BY-SA 4.0 or GFDL'],
    ['All rights reserved', 'All rights reserved'],
  ])('%j is %s', (text, id) => {
    expect(normaliseLicence(text)).toBe(id);
    expect(normaliseLicence(id)).toBe(id);
  });
});

describe('licenceAllows', () => {
  const filters = Object.keys(LICENCE_FILTERS) as LicenceFilter[];
  const passed = (licence: string | null): string[] =>
    filters.filter((filter) => licenceAllows(licence, filter));

  it.each([
    ['CC0-1.0', 'any known commercial modification public-domain'],
    ['Public domain', 'any known commercial modification public-domain'],
    ['CC-PDM-1.0', 'any known commercial modification public-domain'],
    ['CC-BY-4.0', 'any known commercial modification'],
    ['CC BY-SA 3.0 de', 'any known commercial modification'],
    ['CC-BY-ND-2.0', 'any known commercial'],
    ['CC-BY-NC-4.0', 'any known modification'],
    ['CC-BY-NC-ND-4.0', 'any known'],
    ['LicenseRef-Pixabay', 'any known commercial modification'],
    ['All rights reserved', 'any'],
    ['CC-BYE-4.0', 'any'],
    ['', 'any'],
    [null, 'any'],
  ])('%s passes %s', (licence, names) => {
    expect(passed(licence).join(' ')).toBe(names);
  });
});

describe('licenceUrlOf', () => {
  it.each([
    ['CC-BY-NC-SA-2.0', 'https://creativecommons.org/licenses/by-nc-sa/2.0/'],
    ['CC-BY-3.0-DE', 'https://creativecommons.org/licenses/by/3.0/de/'],
    ['CC0-1.0', 'https://creativecommons.org/publicdomain/zero/1.0/'],
    ['CC-BY', null],
    ['Apache-2.0', null],
  ])('%s is at %s', (id, url) => {
    expect(licenceUrlOf(id)).toBe(url);
    if (url) expect(normaliseLicence(url)).toBe(id);
  });
});
