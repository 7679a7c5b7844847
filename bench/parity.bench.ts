import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { findChromium } from '../crawlers/browser/find-chromium.js';
import { readEnv } from '../src/config/env.js';
import { startPackageServer } from '../src/serving/package-server.js';
import { manyOddPictures } from '../tests/support/many-odd-pictures.js';
import { makePackage } from '../tests/support/small-package.js';
import { serveFolder } from '../tests/support/static-server.js';
import * as ways from '../tests/support/ways.js';
import { openPackage } from '../zoo/index.js';

const PICTURES = 200;

/** The largest difference of any probability from the library's own, over 200 odd pictures, by each way to predict. */
export async function run(): Promise<unknown> {
  const root = await mkdtemp(join(tmpdir(), 'graft-parity-'));
  const folder = join(root, 'package');
  const pictures = await manyOddPictures(PICTURES);
  const files = await ways.writePictures(join(root, 'pictures'), pictures);
  const web = await serveFolder(join(root, 'pictures'));
  await makePackage(folder, { backbone: 'human-centernet', tap: 'block-14' });
  const env = readEnv({
    GRAFT_DATA_DIR: join(root, 'none'),
    GRAFT_ALLOW_PRIVATE_HOSTS: new URL(web.url).host,
  });
  const server = await startPackageServer({ env, dir: folder, host: '127.0.0.1', port: 0 });
  const predict = `${server.url}/api/models/champion/predict`;
  const direct = await openPackage(folder);
  const expected: ways.Probabilities = [];
  for (const { bytes } of pictures) expected.push({ ...(await direct.predict([bytes]))[0]?.probabilities });
  await direct.close();
  const browser = await findChromium(undefined, chromium.executablePath());
  const python = await ways.findPython();
  const all: Record<string, ways.Way | null> = {
    ...ways.apiWays(predict),
    'image address': ways.urlWay(predict, web.url),
    'command line': ways.cliWay(folder, files),
    'Node client': ways.nodeWay(folder, files),
    'curl client': ways.curlWay(folder, server.url, files),
    'browser client': browser ? ways.browserWay(browser, folder) : null,
  };
  try {
    const report: Record<string, unknown> = {};
    for (const [name, way] of Object.entries(all)) {
      process.stderr.write(`  ${name}\n`);
      report[name] = way ? differences(pictures, expected, await way(pictures)) : 'not on this machine';
    }
    report['Python client, without CMYK, which it refuses'] = python
      ? await pythonDifferences(python, folder, { pictures, files, expected })
      : 'not on this machine';
    return { pictures: PICTURES, report };
  } finally {
    await server.close();
    await web.close();
    await rm(root, { recursive: true, force: true });
  }
}

function differences(
  pictures: readonly { kind: string }[],
  expected: ways.Probabilities,
  rows: ways.Probabilities,
): { largest: number; over1e4: number; worstKind: string } {
  const each = expected.map((row, i) => ways.rowDifference(row, rows[i] ?? {}));
  const largest = Math.max(...each);
  return {
    largest,
    over1e4: each.filter((difference) => difference > 1e-4).length,
    worstKind: pictures[each.indexOf(largest)]?.kind ?? '',
  };
}

async function pythonDifferences(
  python: string,
  folder: string,
  all: { pictures: readonly { kind: string }[]; files: readonly string[]; expected: ways.Probabilities },
): Promise<ReturnType<typeof differences>> {
  const taken = all.pictures.flatMap(({ kind }, i) => (kind.startsWith('cmyk') ? [] : [i]));
  const of = <T>(list: readonly T[]): T[] => taken.map((i) => list[i] as T);
  const rows = await ways.pythonWay(python, folder, of(all.files))([]);
  return differences(of(all.pictures), of(all.expected), rows);
}
