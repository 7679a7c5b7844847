import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sniffFormat } from '../../../zoo/index.js';
import { graft } from '../../support/graft-process.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { makePackage } from '../../support/small-package.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let root: Awaited<ReturnType<typeof temporaryFolder>>;
const path = (...parts: string[]): string => join(root.path, ...parts);

beforeAll(async () => {
  root = await temporaryFolder();
  await makePackage(path('package'));
});
afterAll(() => root.remove());

it('graft package verify passes on a sound package, and names the picture and the difference on another', async () => {
  const sound = await graft(['package', 'verify', path('package')]);
  expect(sound).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/golden-2\.png +\(made for this\) +(cat|dog|fox) +\d/),
  });
  const file = path('package', 'golden.json');
  const golden = JSON.parse(await readFile(file, 'utf8')) as { expected: Record<string, number> }[];
  golden[1]!.expected.cat = (golden[1]!.expected.cat ?? 0) + 0.01;
  await writeFile(file, JSON.stringify(golden));
  const differs = await graft(['package', 'verify', path('package'), '--json']);
  expect(differs).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/golden-2\.png is predicted differently: by up to 1\.00e-2/),
  });
  expect(JSON.parse(differs.stdout)).toMatchObject({
    holds: false,
    pictures: [{ file: 'golden-1.png' }, {}],
  });
  const none = await graft(['package', 'verify', root.path]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('holds no package') });
});

it('graft predict --heatmap draws where each picture was decided', async () => {
  const picture = path('a.png');
  await writeFile(picture, await texturedPicture(1));
  const args = [
    'predict',
    '--package',
    path('package'),
    '--heatmap',
    path('heat'),
    '--json',
    picture,
    picture,
  ];
  const { code, stdout } = await graft(args);
  expect(code).toBe(0);
  const outcomes = JSON.parse(stdout) as { heatmap: string }[];
  expect((await readdir(path('heat'))).toSorted()).toEqual(['1-a.png.heatmap.png', '2-a.png.heatmap.png']);
  expect(sniffFormat(await readFile(outcomes[0]?.heatmap ?? ''))).toBe('png');
});
