import { describe, expect, it } from 'vitest';
import { ccLicenceId, licenceIdFromName } from '../../../crawlers/licences.js';

describe('ccLicenceId', () => {
  it.each([
    ['by-sa', '2.0', 'CC-BY-SA-2.0'],
    ['cc-by-nc', '4.0', 'CC-BY-NC-4.0'],
    ['CC BY-ND', '3.0', 'CC-BY-ND-3.0'],
    ['by', null, 'CC-BY'],
    ['cc0', null, 'CC0-1.0'],
    ['pdm', '1.0', 'CC-PDM-1.0'],
    ['sampling+', '1.0', 'sampling+'],
  ])('%s %s is %s', (code, version, id) => {
    expect(ccLicenceId(code, version)).toBe(id);
  });
});

describe('licenceIdFromName', () => {
  it.each([
    ['CC BY-SA 4.0', 'CC-BY-SA-4.0'],
    ['CC BY 3.0 us', 'CC-BY-3.0-US'],
    [' cc0 ', 'CC0-1.0'],
    ['CC0 1.0', 'CC0-1.0'],
    ['Public domain', 'Public domain'],
    ['GFDL', 'GFDL'],
    ['CC BY-SA 4.0 or GFDL', 'CC BY-SA 4.0 or GFDL'],
  ])('%j is %s', (name, id) => {
    expect(licenceIdFromName(name)).toBe(id);
  });
});
