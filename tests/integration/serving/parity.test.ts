import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPackage } from '../../../zoo/index.js';
import { manyOddPictures, type NamedPicture } from '../../support/many-odd-pictures.js';
import { serveFolder } from '../../support/static-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import * as ways from '../../support/ways.js';
import { chromiumPath } from '../browser/chromium.js';
import { servePackage } from './package-lab.js';

/** Every kind of odd picture once or twice; `npm run bench -- parity` takes 200. */
const PICTURES = 16;
const TOLERANCE = 1e-4;

let pictures: NamedPicture[];
let served: Awaited<ReturnType<typeof servePackage>>;
let web: Awaited<ReturnType<typeof serveFolder>>;
let files: string[];
let expected: ways.Probabilities;

beforeAll(async () => {
  const root = await temporaryFolder();
  pictures = await manyOddPictures(PICTURES);
  files = await ways.writePictures(join(root.path, 'pictures'), pictures);
  web = await serveFolder(join(root.path, 'pictures'));
  served = await servePackage({ tap: 'block-08' }, { GRAFT_ALLOW_PRIVATE_HOSTS: new URL(web.url).host });
  const direct = await openPackage(served.folder);
  expected = (await direct.predict(pictures.map(({ bytes }) => bytes))).map((p) => ({ ...p.probabilities }));
  await direct.close();
  afterAll(() => Promise.all([web.close(), root.remove()]));
});

const check = async (way: ways.Way): Promise<void> => {
  const rows = await way(pictures);
  const differences = pictures.map(
    ({ file }, i) => [file, ways.rowDifference(expected[i] ?? {}, rows[i] ?? {})] as const,
  );
  expect(rows).toHaveLength(PICTURES);
  expect(differences.filter(([, difference]) => !(difference < TOLERANCE))).toEqual([]);
};

const python = await ways.findPython();
if (!python)
  console.warn(
    '\n*** SKIPPED: no python3 with onnxruntime, numpy and Pillow (or GRAFT_TEST_PYTHON); the Python client is not run. ***\n',
  );

describe('every way predicts odd pictures alike', () => {
  it('tells the pictures apart at all', () => {
    const shares = expected.map((row) => Object.values(row)[0] ?? 0);
    expect(Math.max(...shares) - Math.min(...shares)).toBeGreaterThan(0.02);
  });
  it.each(['raw bytes', 'multipart', 'base64'])('the API with %s', (form) =>
    check((list) => (ways.apiWays(served.predict)[form] as ways.Way)(list)),
  );
  it('the API with addresses', () => check((list) => ways.urlWay(served.predict, web.url)(list)));
  it('the command line', () => check((list) => ways.cliWay(served.folder, files)(list)));
  it('the Node client of the package', () => check((list) => ways.nodeWay(served.folder, files)(list)));
  it('the curl client of the package', () =>
    check((list) => ways.curlWay(served.folder, served.url, files)(list)));
  it.skipIf(!chromiumPath)('the page of the package, in Chromium', () =>
    check((list) => ways.browserWay(chromiumPath ?? '', served.folder)(list)),
  );
  it.skipIf(!chromiumPath)('the try page of the server, in Chromium', async () => {
    const shown = await ways.tryPageWay(chromiumPath ?? '', served.url, files[0] ?? '');
    expect(ways.rowDifference(expected[0] ?? {}, shown)).toBeLessThan(TOLERANCE);
  });
  it.skipIf(!python)('the Python client, as closely as Pillow resizes', async () => {
    const plain = pictures.flatMap(({ kind }, i) => (/^(gif|grey|palette|exif|tiff)/.test(kind) ? [i] : []));
    const rows = await ways.pythonWay(
      python ?? '',
      served.folder,
      plain.map((i) => files[i] ?? ''),
    )([]);
    const differences = plain.map((i, at) => ways.rowDifference(expected[i] ?? {}, rows[at] ?? {}));
    expect(Math.max(...differences)).toBeLessThan(0.05);
  });
});
