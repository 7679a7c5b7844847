import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright';
import { projectRoot } from '../../src/config/version.js';
import { copyBrowserRuntime } from '../../zoo/index.js';
import type { PredictResponse } from '../../src/http/api.js';
import type { NamedPicture } from './many-odd-pictures.js';
import { predicted } from './predicted.js';
import { serveFolder } from './static-server.js';

const run = promisify(execFile);
const BUFFER = 64 * 1024 * 1024;

/** Probabilities of each picture by one way of predicting. */
export type Probabilities = Record<string, number>[];
/** A way from the bytes of pictures to probabilities. */
export type Way = (pictures: readonly NamedPicture[]) => Promise<Probabilities>;

const post = async (url: string, body: RequestInit['body'], type?: string): Promise<Probabilities> => {
  const response = await fetch(url, {
    method: 'POST',
    body,
    ...(type ? { headers: { 'content-type': type } } : {}),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return predicted((await response.json()) as PredictResponse).map(({ probabilities }) => probabilities);
};

async function inTurn(
  pictures: readonly NamedPicture[],
  one: (picture: NamedPicture) => Promise<Probabilities>,
): Promise<Probabilities> {
  const rows: Probabilities = [];
  for (const picture of pictures) rows.push(...(await one(picture)));
  return rows;
}

const CHUNK = 16;
async function inChunks(
  pictures: readonly NamedPicture[],
  many: (chunk: readonly NamedPicture[]) => Promise<Probabilities>,
): Promise<Probabilities> {
  const rows: Probabilities = [];
  for (let at = 0; at < pictures.length; at += CHUNK)
    rows.push(...(await many(pictures.slice(at, at + CHUNK))));
  return rows;
}

/** The forms of the API. @param url of /predict */
export const apiWays = (url: string): Record<string, Way> => ({
  'raw bytes': (pictures) =>
    inTurn(pictures, ({ bytes }) => post(url, Uint8Array.from(bytes), 'application/octet-stream')),
  multipart: (pictures) =>
    inChunks(pictures, (chunk) => {
      const form = new FormData();
      for (const { file, bytes } of chunk) form.append('files', new Blob([Uint8Array.from(bytes)]), file);
      return post(url, form);
    }),
  base64: (pictures) =>
    inChunks(pictures, (chunk) => {
      const images = chunk.map(({ bytes }) => bytes.toString('base64'));
      return post(url, JSON.stringify({ images }), 'application/json');
    }),
});

/** An image address; its host must be allowed to the server. @param web address of the folder that holds the pictures */
export const urlWay =
  (url: string, web: string): Way =>
  (pictures) =>
    inChunks(pictures, (chunk) => {
      const urls = chunk.map(({ file }) => `${web}/${file}`);
      return post(url, JSON.stringify({ urls }), 'application/json');
    });

/** Puts pictures into a folder, for the ways that read files. */
export async function writePictures(folder: string, pictures: readonly NamedPicture[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = pictures.map(({ file }) => join(folder, file));
  await Promise.all(pictures.map(({ bytes }, i) => writeFile(files[i] ?? '', bytes)));
  return files;
}

const jsonLines = (text: string): Probabilities =>
  text
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { probabilities: Record<string, number> }).probabilities);

export const cliWay =
  (folder: string, files: string[]): Way =>
  async () => {
    const args = [join(projectRoot(), 'bin', 'graft.js'), 'predict', '--package', folder, '--json', ...files];
    const { stdout } = await run(process.execPath, args, { maxBuffer: BUFFER });
    return (JSON.parse(stdout) as { probabilities: Record<string, number> }[]).map(
      ({ probabilities }) => probabilities,
    );
  };

/** The Node client of a package, with the modules of this installation. */
export const nodeWay =
  (folder: string, files: string[]): Way =>
  async () => {
    await symlink(join(projectRoot(), 'node_modules'), join(folder, 'node_modules')).catch(() => undefined);
    const { stdout } = await run(process.execPath, [join(folder, 'predict.mjs'), ...files], {
      maxBuffer: BUFFER,
    });
    return jsonLines(stdout);
  };

/** The curl client of a package, against a server. */
export const curlWay =
  (folder: string, server: string, files: string[]): Way =>
  () =>
    inChunks(
      files.map((file) => ({ file, kind: '', bytes: Buffer.alloc(0) })),
      async (chunk) => {
        const env = { ...process.env, GRAFT_URL: server };
        const args = [join(folder, 'predict.sh'), ...chunk.map(({ file }) => file)];
        const { stdout } = await run('sh', args, { env, maxBuffer: BUFFER });
        return predicted(JSON.parse(stdout) as PredictResponse).map(({ probabilities }) => probabilities);
      },
    );

/** A Python that has onnxruntime and Pillow; null when there is none. GRAFT_TEST_PYTHON names another than python3. */
export async function findPython(): Promise<string | null> {
  const python = process.env.GRAFT_TEST_PYTHON ?? 'python3';
  return run(python, ['-c', 'import onnxruntime, numpy, PIL']).then(
    () => python,
    () => null,
  );
}

export const pythonWay =
  (python: string, folder: string, files: string[]): Way =>
  async () =>
    jsonLines((await run(python, [join(folder, 'predict.py'), ...files], { maxBuffer: BUFFER })).stdout);

interface BrowserModel {
  predict(bytes: Uint8Array): Promise<{ probabilities: Record<string, number> }>;
}

/** The page of a package in Chromium, from a plain file server. */
export const browserWay =
  (executablePath: string, folder: string): Way =>
  async (pictures) => {
    await copyBrowserRuntime(folder);
    const server = await serveFolder(folder);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(`${server.url}/index.html`);
      await page.getByText('Ready.').waitFor({ timeout: 120_000 });
      const rows: Probabilities = [];
      for (const { bytes } of pictures) {
        rows.push(
          await page.evaluate(async (base64) => {
            const { graft } = globalThis as unknown as { graft: BrowserModel };
            const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
            return (await graft.predict(bytes)).probabilities;
          }, bytes.toString('base64')),
        );
      }
      return rows;
    } finally {
      await browser.close();
      await server.close();
    }
  };

/** The try page of a server, as a person uses it: the shown percentages, of one picture. */
export async function tryPageWay(
  executablePath: string,
  server: string,
  file: string,
): Promise<Record<string, number>> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(server);
    await page.setInputFiles('input[type=file]', file);
    await page.locator('dd meter').first().waitFor();
    const labels = await page.locator('dt').allTextContents();
    const shares = await page
      .locator('meter')
      .evaluateAll((meters) => meters.map((meter) => (meter as unknown as { value: number }).value));
    return Object.fromEntries(labels.map((label, i) => [label, shares[i] ?? Number.NaN]));
  } finally {
    await browser.close();
  }
}

/** The largest difference of a probability in two lists of rows; NaN counts as infinite. */
export function largestDifference(a: Probabilities, b: Probabilities): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((worst, row, i) => Math.max(worst, rowDifference(row, b[i] ?? {})), 0);
}

export const rowDifference = (a: Record<string, number>, b: Record<string, number>): number =>
  Object.entries(a).reduce((worst, [label, share]) => {
    const difference = Math.abs(share - (b[label] ?? Number.NaN));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }, 0);
