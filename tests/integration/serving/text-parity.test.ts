import { execFile, spawn } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from 'playwright';
import { projectRoot } from '../../../src/config/version.js';
import { readEnv } from '../../../src/config/env.js';
import type { PredictResponse } from '../../../src/http/api.js';
import { startPackageServer } from '../../../src/serving/package-server.js';
import {
  checkText,
  copyBrowserRuntime,
  createRng,
  loadTextZoo,
  openPackage,
  prepareText,
  replayGolden,
  writePackage,
  type InstalledText,
  type OpenPackage,
} from '../../../zoo/index.js';
import { openTokenizer } from '../../../zoo/text/tokenizers/open-tokenizer.js';
import { oddTexts } from '../../support/odd-texts.js';
import { smallParts } from '../../support/small-package.js';
import { serveFolder } from '../../support/static-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tinyMirror } from '../../support/tiny-encoder.js';
import * as ways from '../../support/ways.js';
import { chromiumPath } from '../browser/chromium.js';
import { postJson } from './package-lab.js';
import { predicted } from '../../support/predicted.js';

const run = promisify(execFile);
const TOLERANCE = 1e-4;
const BACKBONES = ['ngrams', 'subwords-100', 'tiny-bert'];
const CLIENTS = join(projectRoot(), 'zoo', 'packaging', 'clients', 'text');

let root: string;
/** One package a kind of tokenizer. */
const packages = new Map<string, string>();
const texts = oddTexts(200, { unspaced: true });
/** Python knows no dictionaries of scripts without spaces. */
const spaced = oddTexts(200, { unspaced: false });

/** Those that hold a word at all: the others are refused before any model is asked. */
const isReadable = (text: string): boolean => {
  try {
    return checkText(text) !== '';
  } catch {
    return false;
  }
};
const readable = texts.filter(isReadable);

const onnxPython = await ways.findPython();
if (!onnxPython)
  console.warn('\n*** SKIPPED: no Python with onnxruntime (GRAFT_TEST_PYTHON names one). ***\n');

/** What the clients print: one JSON document a text and line. */
const jsonRows = (stdout: string): ways.Probabilities =>
  stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { probabilities: Record<string, number> }).probabilities);

/** A head of random weights on a text backbone. */
async function writeTextPackage(folder: string, installed: InstalledText): Promise<void> {
  const tap = installed.taps.at(-1)!;
  const labels = ['positive', 'negative', 'neither'];
  const rng = createRng('text head');
  const random = (length: number): Float32Array => Float32Array.from({ length }, () => rng.normal());
  const sizes = { inputs: tap.channels, outputs: labels.length };
  const head = [
    { weights: random(tap.channels * 3), bias: random(3), ...sizes, activation: 'none' as const },
  ];
  const standardise = {
    mean: random(tap.channels).map((x) => x * 0.01),
    std: new Float32Array(tap.channels).fill(0.5),
  };
  const parts = { ...(await smallParts({ labels })), installed, taps: [tap], head, standardise };
  await writePackage(folder, parts, () => Promise.resolve());
}

beforeAll(async () => {
  const folder = await temporaryFolder();
  root = folder.path;
  afterAll(folder.remove);
  for (const [name, bytes] of tinyMirror()) await writeFile(join(root, name), bytes);
  const zoo = await loadTextZoo({ mirror: root, cacheDir: root });
  const corpus = { learnt: texts, unlabelled: [...texts, ...spaced] };
  for (const id of BACKBONES) {
    packages.set(id, join(root, `package-${id}`));
    await writeTextPackage(packages.get(id)!, await prepareText(zoo.get(id), corpus, root));
  }
});

const readJson = async <T>(folder: string, file: string): Promise<T> =>
  JSON.parse(await readFile(join(folder, file), 'utf8')) as T;

/** As sentencepiece models are published. */
const unigram = {
  normalizer: { type: 'Sequence', normalizers: [{ type: 'Precompiled' }, { type: 'Strip' }] },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
  post_processor: { type: 'RobertaProcessing', cls: ['<s>', 0], sep: ['</s>', 2] },
  model: {
    type: 'Unigram',
    unk_id: 3,
    vocab: [
      ...[
        ['<s>', 0],
        ['<pad>', 0],
        ['</s>', 0],
        ['<unk>', 0],
        ['▁', -3],
        ['▁good', -5],
        ['▁fil', -6],
        ['m', -7],
      ],
      ...[
        ['▁film', -6.5],
        ['s', -6],
        ['oo', -8],
        ['d', -7],
        ['a', -6],
        ['y', -6.2],
        ['▁d', -6],
        ['映画', -7],
        ['.', -4],
      ],
    ],
  },
};

interface Tokenizer {
  readonly name: string;
  readonly file: object;
  readonly input: InstalledText['input'];
}

async function tokenizers(): Promise<Tokenizer[]> {
  const own = [...packages].map(async ([name, folder]) => ({
    name,
    file: await readJson<object>(folder, 'tokenizer.json'),
    input: await readJson<InstalledText['input']>(folder, 'preprocess.json'),
  }));
  const input = { kind: 'text' as const, maxTokens: 12, parts: 1, padding: 1 };
  return [...(await Promise.all(own)), { name: 'unigram', file: unigram, input }];
}

const expectedOf = ({ file, input }: Tokenizer, list: readonly string[]): number[][] => {
  const { encode } = openTokenizer(file, input);
  return list.map((text) => Array.from(encode(text)));
};

test('the JavaScript of a package cuts odd texts as training did, with every kind of tokenizer', async () => {
  const client = (await import(pathToFileURL(join(CLIENTS, 'tokenize.mjs')).href)) as {
    openTokenizer: (file: object, input: object) => (text: string) => number[];
  };
  for (const tokenizer of await tokenizers()) {
    const tokenize = client.openTokenizer(tokenizer.file, tokenizer.input);
    expect(texts.map(tokenize), tokenizer.name).toEqual(expectedOf(tokenizer, texts));
  }
});

const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
);
if (!hasPython)
  console.warn('\n*** SKIPPED: no python3; the tokenizers of the Python client are not run. ***\n');

const PYTHON = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import predict
job = json.load(sys.stdin)
print(json.dumps([[predict.tokens_of(text, t["file"], t["input"]) for text in job["texts"]] for t in job["tokenizers"]]))
`;

test.skipIf(!hasPython)(
  'the Python of a package cuts them alike, and refuses scripts it has no dictionary for',
  async () => {
    const all = await tokenizers();
    const child = spawn('python3', ['-c', PYTHON, CLIENTS], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify({ texts: spaced, tokenizers: all }));
    let out = '';
    for await (const chunk of child.stdout) out += String(chunk);
    const found = JSON.parse(out) as number[][][];
    all.forEach((tokenizer, i) => expect(found[i], tokenizer.name).toEqual(expectedOf(tokenizer, spaced)));
    const script =
      'import sys; sys.dont_write_bytecode = True; sys.path.insert(0, sys.argv[1]); import predict; predict.words_of("映画")';
    await expect(run('python3', ['-c', script, CLIENTS])).rejects.toThrow(/graft serve/);
  },
);

describe.each(BACKBONES)('a package of %s', (id) => {
  const folder = (): string => packages.get(id)!;
  let model: OpenPackage;
  let expected: ways.Probabilities;

  beforeAll(async () => {
    model = await openPackage(folder());
    afterAll(() => model.close());
    expected = (await model.predict(readable.map((text) => Buffer.from(text)))).map((p) => ({
      ...p.probabilities,
    }));
  });

  test('replays its golden texts', async () => {
    const replays = await replayGolden(folder());
    expect(replays.length).toBeGreaterThanOrEqual(3);
    for (const { difference } of replays) expect(difference).toBeLessThan(1e-6);
  });

  test.skipIf(!onnxPython)('predicts alike by its Python client', async () => {
    const taken = spaced.filter((text) => !text.includes('\0') && isReadable(text));
    const wanted = (await model.predict(taken.map((text) => Buffer.from(text)))).map((p) => ({
      ...p.probabilities,
    }));
    const { stdout } = await run(onnxPython ?? '', [join(folder(), 'predict.py'), ...taken]);
    expect(ways.largestDifference(wanted, jsonRows(stdout))).toBeLessThan(TOLERANCE);
  });

  test('predicts alike by its Node client', async () => {
    await symlink(join(projectRoot(), 'node_modules'), join(folder(), 'node_modules'));
    const { stdout } = await run(process.execPath, [join(folder(), 'predict.mjs'), ...readable]);
    expect(ways.largestDifference(expected, jsonRows(stdout))).toBeLessThan(TOLERANCE);
  });

  test('predicts alike through the API and by curl', async () => {
    const env = readEnv({ GRAFT_DATA_DIR: join(root, 'no-data'), GRAFT_THREADS: '2' }, {});
    const server = await startPackageServer({ env, dir: folder(), host: '127.0.0.1', port: 0 });
    try {
      const url = `${server.url}/api/models/champion/predict`;
      const rows: ways.Probabilities = [];
      for (let at = 0; at < readable.length; at += 20) {
        const response = await postJson(url, { texts: readable.slice(at, at + 20) });
        rows.push(...predicted((await response.json()) as PredictResponse).map((p) => p.probabilities));
      }
      expect(ways.largestDifference(expected, rows)).toBeLessThan(TOLERANCE);
      for (const [i, text] of [...readable.entries()].slice(0, 5)) {
        const { stdout } = await run('sh', [join(folder(), 'predict.sh'), text], {
          env: { ...process.env, GRAFT_URL: server.url },
        });
        const [one] = predicted(JSON.parse(stdout) as PredictResponse);
        expect(ways.rowDifference(expected[i] ?? {}, one?.probabilities ?? {})).toBeLessThan(TOLERANCE);
      }
    } finally {
      await server.close();
    }
  });

  test.skipIf(!chromiumPath)(
    'is tried with a typed text on the page of its server, in Chromium',
    async () => {
      const server = await startPackageServer({
        env: readEnv({}),
        dir: folder(),
        host: '127.0.0.1',
        port: 0,
      });
      const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage();
        await page.goto(server.url);
        expect(await page.locator('body').innerText()).not.toMatch(/picture/i);
        await page.getByLabel('A text').fill(readable[0] ?? '');
        await page.getByRole('button', { name: 'Ask the model' }).click();
        await page.locator('dd meter').first().waitFor();
        const labels = await page.locator('dt').allTextContents();
        const shares = await page
          .locator('meter')
          .evaluateAll((meters) => meters.map((meter) => (meter as unknown as { value: number }).value));
        const shown = Object.fromEntries(labels.map((label, i) => [label, shares[i] ?? Number.NaN]));
        expect(ways.rowDifference(expected[0] ?? {}, shown)).toBeLessThan(TOLERANCE);
      } finally {
        await browser.close();
        await server.close();
      }
    },
  );

  test.skipIf(!chromiumPath)('predicts alike on its page, in Chromium', async () => {
    await copyBrowserRuntime(folder());
    const server = await serveFolder(folder());
    const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(`${server.url}/index.html`);
      await page.getByText('Ready.').waitFor();
      const rows = await page.evaluate(async (list) => {
        const { graft } = globalThis as unknown as {
          graft: { predict(text: string): Promise<{ probabilities: Record<string, number> }> };
        };
        const found = [];
        for (const text of list) found.push((await graft.predict(text)).probabilities);
        return found;
      }, readable);
      expect(ways.largestDifference(expected, rows)).toBeLessThan(TOLERANCE);
      await page.getByLabel('A text').fill(readable[0] ?? '');
      await page.locator('dd meter').first().waitFor();
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
