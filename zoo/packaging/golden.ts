import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { encodePng, smallPng } from '../preprocess/overlay.js';
import { createRng } from '../rng.js';
import { PackageError } from './errors.js';
import { PACKAGE_FILES } from './manifest.js';
import { openPackage, readManifest, type OpenPackage } from './open-package.js';
import { PACKAGE_TOLERANCE } from './verify-package.js';

/** Where a golden picture comes from, as its licence asks to be told. */
const attributionSchema = z.object({
  title: z.string().nullable(),
  creator: z.string().nullable(),
  licence: z.string().nullable(),
  licenceUrl: z.string().nullable(),
  page: z.string().nullable(),
});
export type GoldenAttribution = z.infer<typeof attributionSchema>;

/** `golden.json`: pictures or texts that a package brings along, and what it says of each. */
export const goldenSchema = z.array(
  z.object({
    file: z.string(),
    sha256: z.string(),
    /** What is on it; null for a drawn one, and for texts. */
    shows: z.string().nullable(),
    attribution: attributionSchema.nullable(),
    expected: z.record(z.string(), z.number()).describe('Probability of each label'),
  }),
);
export type Golden = z.infer<typeof goldenSchema>[number];

/** A picture that may be given away, with its attribution. */
export interface GoldenPicture {
  readonly bytes: Uint8Array;
  readonly shows: string;
  readonly attribution: GoldenAttribution;
}

const MAX_SIDE = 320;
const DRAWN = [
  { width: 320, height: 200 },
  { width: 150, height: 280 },
];

/** A picture that is nobody's: soft waves of colour, the same on every machine. */
function draw(seed: number, { width, height }: { width: number; height: number }): Promise<Buffer> {
  const rng = createRng(`golden/${seed}`);
  const waves = Array.from({ length: 9 }, () => [rng.normal() / 25, rng.normal() / 25, rng.normal() * 3]);
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const mine = waves.slice(3 * (i % 3), 3 * (i % 3) + 3);
    const sum = mine.reduce((total, [u = 0, v = 0, w = 0]) => total + Math.sin(u * x + v * y + w), 0);
    return 127.5 + 42 * sum;
  });
  return encodePng(rgb, width, height);
}

/**
 * Puts golden pictures and `golden.json` into a package: the given ones made small, and two drawn ones that carry no rights, so
 * that every package can be tried anywhere. What is expected of them is what the package says now.
 */
export async function writeGolden(folder: string, pictures: readonly GoldenPicture[]): Promise<void> {
  const given = pictures.map(async ({ bytes, shows, attribution }) => ({
    shows,
    attribution,
    png: await smallPng(bytes, MAX_SIDE),
  }));
  const drawn = DRAWN.map(async (size, i) => ({ shows: null, attribution: null, png: await draw(i, size) }));
  const all = await Promise.all([...given, ...drawn]);
  await keep(
    folder,
    all.map(({ png, ...told }, i) => ({ ...told, file: `golden-${i + 1}.png`, bytes: png })),
  );
}

/** Sentences that are nobody's, in scripts that tokenizers treat differently. */
const SENTENCES = [
  "It's a very good day, and nothing at all is bad about it!",
  'Not worth the wait: 3 hours, no story ...',
  'Ünïcode, naïve cafés & “quotes” — ☕️',
];
/** Words of its own vocabulary that a golden text has. */
const OWN_WORDS = 12;

/** The most frequent words of a tokenizer, and some from all over it; none where it keeps none as they are. */
async function ownWords(folder: string): Promise<string[]> {
  const text = await readFile(path.join(folder, PACKAGE_FILES.tokenizer), 'utf8');
  const { words } = JSON.parse(text) as { words?: readonly unknown[] };
  const known = (words ?? []).filter((word) => typeof word === 'string');
  const step = Math.max(1, Math.floor(known.length / OWN_WORDS));
  const spread = known.filter((_, i) => i % step === 0).slice(0, OWN_WORDS);
  return [known.slice(0, OWN_WORDS), spread].filter(({ length }) => length > 0).map((list) => list.join(' '));
}

/**
 * Puts golden texts into a package of texts: sentences written for this, and words of its own vocabulary in a row. No text of the data set
 * leaves it this way.
 */
export async function writeGoldenTexts(folder: string): Promise<void> {
  const texts = [...SENTENCES, ...(await ownWords(folder))];
  await keep(
    folder,
    texts.map((text, i) => ({
      ...{ shows: null, attribution: null, file: `golden-${i + 1}.txt` },
      bytes: Buffer.from(text, 'utf8'),
    })),
  );
}

/** A golden picture or text before the package was asked about it. */
interface Kept extends Pick<Golden, 'file' | 'shows' | 'attribution'> {
  readonly bytes: Buffer;
}

async function keep(folder: string, all: readonly Kept[]): Promise<void> {
  const model = await openPackage(folder);
  try {
    const predictions = await model.predict(all.map(({ bytes }) => bytes));
    const golden = all.map(({ bytes, ...told }, i): Golden => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { ...told, sha256, expected: { ...predictions[i]?.probabilities } };
    });
    await Promise.all(all.map(({ file, bytes }) => writeFile(path.join(folder, file), bytes)));
    await writeFile(path.join(folder, PACKAGE_FILES.golden), `${JSON.stringify(golden, null, 2)}\n`);
  } finally {
    await model.close();
  }
}

/** What came of replaying one golden picture or text. */
export interface Replay {
  readonly file: string;
  readonly shows: string | null;
  readonly label: string;
  /** Largest difference of a probability from what is expected; null when the file is not the one it was. */
  readonly difference: number | null;
}

/** The golden pictures or texts of a package. @throws PackageError when the list is missing or damaged */
export async function readGolden(folder: string): Promise<Golden[]> {
  const file = path.join(folder, PACKAGE_FILES.golden);
  try {
    return goldenSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new PackageError(
      `${file} is missing or damaged. Copy the whole folder, or build the model again.`,
      {
        cause: error,
      },
    );
  }
}

async function readSide(folder: string, file: string): Promise<unknown> {
  const text = await readFile(path.join(folder, file), 'utf8').catch(() => 'null');
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The files that other languages read must say what the manifest says. */
async function checkSides(folder: string): Promise<void> {
  const { labels, input } = await readManifest(folder);
  const sides: [string, unknown][] = [
    [PACKAGE_FILES.labels, labels],
    [PACKAGE_FILES.preprocess, input],
  ];
  for (const [file, expected] of sides) {
    const found = await readSide(folder, file);
    if (JSON.stringify(found) !== JSON.stringify(expected))
      throw new PackageError(`${file} does not say what ${PACKAGE_FILES.manifest} says.`);
  }
}

/**
 * Replays the golden pictures or texts of a package, through all that is done to them and the network.
 *
 * @throws PackageError when a file is missing or damaged.
 */
export async function replayGolden(folder: string): Promise<Replay[]> {
  const model = await openPackage(folder);
  try {
    return await replayWith(folder, model);
  } finally {
    await model.close();
  }
}

/**
 * Lets an open package prove on its golden pictures or texts that it predicts here what it predicted where it was made.
 *
 * @throws PackageError when it does not, or a file is missing or damaged.
 */
export async function proveGolden(folder: string, model: OpenPackage): Promise<void> {
  for (const { file, difference } of await replayWith(folder, model))
    if (difference === null || difference > PACKAGE_TOLERANCE)
      throw new PackageError(
        `${folder} does not predict its golden ${file} as it should. Copy the whole folder, or build the model again.`,
      );
}

async function replayWith(folder: string, model: OpenPackage): Promise<Replay[]> {
  const golden = await readGolden(folder);
  await checkSides(folder);
  const replays: Replay[] = [];
  for (const one of golden) replays.push(await replayOne(folder, model, one));
  return replays;
}

async function replayOne(
  folder: string,
  model: OpenPackage,
  { file, sha256, shows, expected }: Golden,
): Promise<Replay> {
  const bytes = await readFile(path.join(folder, path.basename(file))).catch(() => {
    throw new PackageError(`${file} is missing. Copy the whole folder, or build the model again.`);
  });
  const changed = createHash('sha256').update(bytes).digest('hex') !== sha256;
  if (changed) return { file, shows, label: '', difference: null };
  const [prediction] = await model.predict([bytes]);
  const differences = Object.entries(expected).map(([label, share]) =>
    Math.abs(share - (prediction?.probabilities[label] ?? Number.POSITIVE_INFINITY)),
  );
  return { file, shows, label: prediction?.label ?? '', difference: Math.max(...differences) };
}
