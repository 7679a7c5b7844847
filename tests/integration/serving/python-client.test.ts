import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { prepareImage } from '../../../zoo/index.js';
import { makePackage } from '../../support/small-package.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const run = promisify(execFile);
const present = await run('python3', ['-c', 'import numpy']).then(
  () => true,
  () => false,
);
if (!present)
  console.warn('\n*** SKIPPED: no python3 with numpy; the Python client is not run at all. ***\n');

/** Resizes raw pixels with the client's own functions; what it imports for the rest need not be there. */
const HARNESS = `
import json, sys, types
for name in ("onnxruntime", "PIL"):
    sys.modules[name] = types.ModuleType(name)
for name in ("Image", "ImageCms", "ImageOps"):
    setattr(sys.modules["PIL"], name, None)
sys.path.insert(0, sys.argv[1])
import numpy, predict
try:
    predict.predict(types.SimpleNamespace(mode="CMYK"))
except ValueError as error:
    print(json.dumps({"refused": str(error)}))
predict.decode = lambda pixels: pixels
for case in json.load(sys.stdin):
    predict.INPUT.clear()
    predict.INPUT.update(case["geometry"])
    pixels = numpy.fromfile(case["file"], numpy.uint8).reshape(case["height"], case["width"], 3)
    predict.prepare(pixels).tofile(case["file"] + ".out")
    wanted = numpy.fromfile(case["file"] + ".wanted", numpy.uint8)
    off = numpy.abs(numpy.fromfile(case["file"] + ".out", numpy.uint8).astype(int) - wanted)
    print(json.dumps({"most": int(off.max()), "share": float((off > 0).mean())}))
`;

const SIZES = [
  [512, 384],
  [640, 480],
  [231, 229],
  [449, 448],
  [100, 80],
  [300, 200],
  [224, 224],
  [33, 500],
  [500, 33],
] as const;

describe.runIf(present)('the Python client, without Pillow and onnxruntime', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let refused: string;
  let found: { most: number; share: number }[];
  let names: string[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    await makePackage(join(folder.path, 'package'));
    await mkdir(join(folder.path, 'raw'));
    const cases = [];
    for (const [width, height] of SIZES)
      for (const kernel of ['cubic', 'linear', 'lanczos3'] as const)
        for (const resize of ['squish', 'crop'] as const) {
          const geometry = { width: 224, height: 224, kernel, resize, cropShare: 0.875 };
          const picture = await texturedPicture(width, { width, height });
          const file = join(folder.path, 'raw', `${width}x${height} ${kernel} ${resize}`);
          await writeFile(file, await sharp(picture).removeAlpha().raw().toBuffer());
          await writeFile(`${file}.wanted`, await prepareImage(picture, geometry));
          cases.push({ file, width, height, geometry });
        }
    const child = run('python3', ['-c', HARNESS, join(folder.path, 'package')]);
    child.child.stdin?.end(JSON.stringify(cases));
    const { stdout } = await child;
    const [first = '', ...rest] = stdout.trim().split('\n');
    refused = (JSON.parse(first) as { refused: string }).refused;
    found = rest.map((line) => JSON.parse(line) as { most: number; share: number });
    names = cases.map(({ file }) => file.split('/').at(-1) ?? '');
  });
  afterAll(() => folder.remove());

  it('refuses CMYK, in which Pillow reads other colours, and says where it is read rightly', () => {
    expect(refused).toContain('npx graft serve');
  });

  const worse = (most: number, share: number, among: RegExp): string[] =>
    names.filter((name, i) => {
      const one = found[i] ?? { most: 255, share: 1 };
      return among.test(name) && (one.most > most || one.share > share);
    });

  it('shrinks pictures as training did, to the bit', () => {
    expect(worse(0, 0, /^(512|640|449|224)/)).toEqual([]);
  });

  it('enlarges them to the bit, but for a rounding here and there where they are stretched by the linear kernel', () => {
    expect(worse(0, 0, /^(231|100|300|33|500)(?!.*linear squish)/)).toEqual([]);
    expect(worse(255, 0.002, /^(231|100|300|33|500)/)).toEqual([]);
  });
});
