import {
  halveBackbones,
  standingOf,
  takeRows,
  type Contender,
  type FeatureSet,
  type Judge,
  type Jury,
  type Labelled,
} from '../../zoo/index.js';
import { rankOnly } from './rank-only.js';
import type { Round } from './rounds.js';

/** What a shortlist loses: accuracy of the best backbone of all over the best of those kept, both by all pictures learnt from. */
export interface ShortlistRegret {
  readonly judge: Judge;
  readonly keep: number;
  /** Share of pictures, 0..1. */
  readonly regret: number;
  readonly kept: readonly string[];
}

/** Held-out accuracy of each backbone at its best tap, every picture learnt from taking part. */
async function worthOf(features: readonly FeatureSet[], round: Round, classes: number, seed: number) {
  const { labels, folds } = round;
  const { trials } = await rankOnly({ features, labels, folds, classes, seed });
  const worth = new Map<string, number>();
  for (const { backbone, validation } of trials)
    worth.set(backbone, Math.max(worth.get(backbone) ?? 0, validation?.accuracy ?? 0));
  return worth;
}

const contenderOf = (backbone: string, features: readonly FeatureSet[]): Contender => ({
  backbone,
  async look(rows) {
    const own = features.filter((set) => set.backbone === backbone);
    const matrices = await Promise.all(
      own.map(async ({ matrix }) => takeRows(typeof matrix === 'function' ? await matrix() : matrix, rows)),
    );
    return { features: matrices, restMs: 0 };
  },
});

/** Standings, each worked out once: a sample is the beginning of every larger one, so its size names it. */
function standingsOf(data: Labelled): Jury['standingOf'] {
  const known = new Map<string, ReturnType<Jury['standingOf']>>();
  return (contender, sample) => {
    const key = `${contender.backbone} ${sample.length}`;
    const standing = known.get(key) ?? standingOf(contender, sample, data);
    known.set(key, standing);
    return standing;
  };
}

/** Shortlists of these lengths by samples of the pictures, and what each loses. */
export async function shortlistRegrets(
  features: readonly FeatureSet[],
  round: Round,
  classes: number,
  seed: number,
  lengths: readonly number[],
  judges: readonly Judge[],
): Promise<ShortlistRegret[]> {
  const worth = await worthOf(features, round, classes, seed);
  const { labels, folds } = round;
  const contenders = [...worth.keys()].map((backbone) => contenderOf(backbone, features));
  const regrets: ShortlistRegret[] = [];
  const data = { labels, folds, classes };
  const request = { contenders, ...data, leftMs: () => Infinity, seed };
  const standing = standingsOf(data);
  for (const judge of judges)
    for (const keep of lengths) {
      const { kept } = await halveBackbones({ ...request, keep }, { judge, standingOf: standing });
      const reached = Math.max(...kept.map((id) => worth.get(id) ?? 0));
      regrets.push({ judge, keep, regret: Math.max(...worth.values()) - reached, kept });
    }
  return regrets;
}
