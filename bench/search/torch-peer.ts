import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  extractFeatures,
  openExtractor,
  openFeatureFolder,
  type FeatureTarget,
  type InstalledBackbone,
} from '../../zoo/index.js';
import { dataOf, searchAndPick } from './contest.js';
import type { PhotoSet } from './photo-set.js';
import { askPython } from './python-peer.js';
import { deal } from './rounds.js';

interface TorchScript {
  readonly featuresMs: number;
  readonly fitMs: number;
  readonly accuracy: number;
  readonly torch: string;
  readonly torchvision: string;
  readonly threads: number;
}

/** From files to a chosen model, without what is done once for all builds: converting and opening networks. */
async function timeGraft(installed: readonly InstalledBackbone[], set: PhotoSet) {
  const folder = await mkdtemp(join(tmpdir(), 'graft-torch-'));
  const targets: FeatureTarget[] = [];
  try {
    for (const backbone of installed) {
      const shelf = await openFeatureFolder(folder, backbone);
      targets.push({ card: backbone.card, extractor: await openExtractor(backbone), shelf });
    }
    const images = set.photos.map(({ sha256, path }) => ({ sha256, read: () => readFile(path) }));
    const started = performance.now();
    await extractFeatures({ images, targets });
    const featuresMs = performance.now() - started;
    const { rows, ...round } = deal(set, null, 1);
    const hashes = [...rows].map((row) => set.photos[row]?.sha256 ?? '');
    const features = targets.flatMap(({ card, extractor, shelf }) =>
      extractor.taps.map((tap) => ({
        ...{ backbone: card.id, tap },
        matrix: () => shelf.read(tap.id, hashes),
      })),
    );
    const data = dataOf({ rows, ...round }, set.classNames, 1);
    const { searchMs, selectMs, accuracy } = await searchAndPick(features, data);
    return {
      backbones: installed.length,
      taps: features.length,
      featuresMs,
      searchMs: searchMs + selectMs,
      accuracy,
    };
  } finally {
    for (const { extractor } of targets) await extractor.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The usual script (torchvision's ResNet-18 and scikit-learn) beside Graft's search over a zoo, both from files on, on one split. The weights
 * of the ResNet-18 cannot be had offline: only the times can be compared.
 */
export async function besideTorch(installed: readonly InstalledBackbone[], set: PhotoSet): Promise<unknown> {
  const round = deal(set, null, 1);
  const paths = [...round.rows].map((row) => set.photos[row]?.path ?? '');
  const test = Array.from(round.folds, (fold) => fold < 0);
  const script = await askPython<TorchScript>('torch-peer.py', { paths, labels: [...round.labels], test });
  const graft = await timeGraft(installed, set);
  if (!script) return { set: set.name, pictures: set.photos.length, script, graft };
  const ratio = (graft.featuresMs + graft.searchMs) / (script.featuresMs + script.fitMs);
  process.stderr.write(
    `${set.name}: ${graft.backbones} networks, ${graft.taps} depths and their heads take ${ratio.toFixed(2)} x the usual script with one network\n`,
  );
  return { set: set.name, pictures: set.photos.length, script, graft, ratio };
}
