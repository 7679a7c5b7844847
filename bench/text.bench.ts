import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { text as readAll } from 'node:stream/consumers';
import { projectRoot } from '../src/config/version.js';
import { createRng, trainWordVectors } from '../zoo/index.js';
import { makeDraws, readReviews, setAside, type Draw, type Review } from './text/draws.js';
import { accuracyOf, featuresOf, rowsOf, type Features } from './text/score.js';

const DRAWS = 200;
/** A row of the table ends after so long, and says how many draws it had. */
const MOST_MS_A_ROW = 1_800_000;
const UNLABELLED = 6000;
const VECTORS = 'skip-gram-50';
/** Different sets of unlabelled texts; each serves its share of the draws. */
const PRETRAININGS = 4;

/** Mean over draws, with the 95 % interval of that mean. */
interface Score {
  readonly mean: number;
  readonly interval: readonly [number, number];
  readonly draws: number;
}

function summarise(values: readonly number[]): Score {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  const half = 1.96 * Math.sqrt(variance / values.length);
  return { mean, interval: [mean - half, mean + half], draws: values.length };
}

async function overDraws(
  draws: readonly Draw[],
  one: (draw: Draw, at: number) => Promise<number>,
): Promise<number[]> {
  const until = performance.now() + MOST_MS_A_ROW;
  const values: number[] = [];
  for (const [at, draw] of draws.entries()) {
    if (values.length > 0 && performance.now() > until) break;
    values.push(await one(draw, at));
  }
  return values;
}

/** The article's experiment: 8 labelled sentences, 2 to test. */
async function article(reviews: readonly Review[], pool: readonly number[], aside: readonly number[]) {
  const texts = reviews.map(({ text }) => text);
  const draws = makeDraws(reviews, pool, { labelled: 8, test: 2, draws: DRAWS });
  const table = [];
  for (const unlabelled of [0, 62, 600, UNLABELLED]) {
    process.stderr.write(`  8 labelled, 2 to test, ${unlabelled} unlabelled\n`);
    const sets: Features[] = [];
    const values = await overDraws(draws, async (draw, at) => {
      if (unlabelled === 0) return accuracyOf(await ownFeatures(VECTORS, texts, draw), reviews, draw);
      const which = at % PRETRAININGS;
      sets[which] ??= await pretrained(texts, pick(aside, unlabelled, which));
      return accuracyOf(rowsOf(sets[which] ?? [], draw), reviews, draw);
    });
    const share = (right: number): number =>
      values.filter((value) => value === right / 2).length / values.length;
    table.push({
      unlabelled,
      accuracy: summarise(values),
      bothWrong: share(0),
      oneRight: share(1),
      bothRight: share(2),
    });
  }
  return table;
}

const pick = (aside: readonly number[], count: number, which: number): number[] =>
  createRng(`unlabelled ${which}`).shuffle(aside).slice(0, count);

const pretrained = (texts: readonly string[], from: readonly number[]): Promise<Features> =>
  featuresOf([VECTORS], { learnt: [], unlabelled: from.map((at) => texts[at] ?? '') }, texts);

/** Features of a draw from nothing but its own labelled texts. */
async function ownFeatures(id: string, texts: readonly string[], { dev, test }: Draw): Promise<Features> {
  const of = (rows: readonly number[]): string[] => rows.map((at) => texts[at] ?? '');
  return featuresOf([id], { learnt: of(dev), unlabelled: [] }, of([...dev, ...test]));
}

/** More labelled texts, a test set worth the name, and the peers on the same draws. */
async function learning(reviews: readonly Review[], pool: readonly number[], aside: readonly number[]) {
  const texts = reviews.map(({ text }) => text);
  const vectors = await featuresOf(
    [VECTORS, 'skip-gram-100', 'cbow-100'],
    { learnt: [], unlabelled: aside.map((at) => texts[at] ?? '') },
    texts,
  );
  const table = [];
  let peers: PeerAnswer | null = null;
  for (const labelled of [8, 32, 128, 512]) {
    process.stderr.write(`  ${labelled} labelled, 500 to test\n`);
    const draws = makeDraws(reviews, pool, { labelled, test: 500, draws: DRAWS });
    const floor: number[] = [];
    const values = await overDraws(draws, async (draw) => {
      const ngrams = await ownFeatures('ngrams', texts, draw);
      floor.push(await accuracyOf(ngrams, reviews, draw));
      return accuracyOf([...ngrams, ...rowsOf(vectors, draw)], reviews, draw);
    });
    peers = await askPeers(reviews, aside, draws.slice(0, values.length));
    const results = peers?.results ?? [];
    table.push({
      labelled,
      graft: summarise(values),
      ngramsAlone: summarise(floor),
      bagOfWords: peers && summarise(results.map(({ bag }) => bag)),
      lessBagOfWords: peers && summarise(values.map((value, i) => value - (results[i]?.bag ?? NaN))),
      gensim: peers && summarise(results.map(({ gensim }) => gensim)),
      lessGensim: peers && summarise(values.map((value, i) => value - (results[i]?.gensim ?? NaN))),
    });
  }
  return { table, peers };
}

interface PeerAnswer {
  readonly skipGramRate: number;
  readonly cbowRate: number;
  readonly results: readonly { readonly bag: number; readonly gensim: number }[];
}

const SPEED = { width: 100, window: 5, epochs: 5 };

/** scikit-learn and gensim of the system's Python; null where they are not installed. */
async function askPeers(
  reviews: readonly Review[],
  unlabelled: readonly number[],
  draws: readonly Draw[],
): Promise<PeerAnswer | null> {
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' };
  const script = join(projectRoot(), 'bench', 'text', 'peer.py');
  const child = spawn('/usr/bin/python3', [script], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  const [texts, labels, words] = [
    reviews.map((r) => r.text),
    reviews.map((r) => r.label),
    reviews.map((r) => r.words),
  ];
  child.stdin.end(JSON.stringify({ texts, labels, words, unlabelled, draws, ...SPEED }));
  const answer = await readAll(child.stdout);
  if (answer !== '') return JSON.parse(answer) as PeerAnswer;
  process.stderr.write('  no peers: install python3-sklearn and python3-gensim\n');
  return null;
}

/** Words a second of processor time on one thread, as gensim's are measured. */
async function speedOf(
  method: 'skip-gram' | 'cbow',
  sentences: readonly (readonly string[])[],
): Promise<number> {
  const before = process.cpuUsage();
  const { wordsSeen } = await trainWordVectors(sentences, { ...SPEED, method, minCount: 2 });
  const { user, system } = process.cpuUsage(before);
  return (wordsSeen / (user + system)) * 1e6;
}

/** Accuracies by number of texts beside scikit-learn and gensim, and words a second beside gensim. */
export async function run(): Promise<unknown> {
  const reviews = await readReviews();
  const { unlabelled, pool } = setAside(UNLABELLED, reviews.length);
  const sentences = unlabelled.map((at) => reviews[at]?.words ?? []);
  const { table, peers } = await learning(reviews, pool, unlabelled);
  const speed = { skipGram: await speedOf('skip-gram', sentences), cbow: await speedOf('cbow', sentences) };
  return {
    texts: reviews.length,
    speed: {
      wordsASecond: speed,
      gensim: peers && { skipGram: peers.skipGramRate, cbow: peers.cbowRate },
      ratio: peers && { skipGram: speed.skipGram / peers.skipGramRate, cbow: speed.cbow / peers.cbowRate },
    },
    learning: table,
    article: await article(reviews, pool, unlabelled),
  };
}
