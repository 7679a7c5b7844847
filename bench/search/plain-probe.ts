import type { SetFeatures } from './bench-zoo.js';
import { asBuilt, dataOf, fixedChoice, lastTapOf, searchAndPick, type Picked } from './contest.js';
import type { PhotoSet } from './photo-set.js';
import { deal } from './rounds.js';
import { mean } from './summary.js';

/** As `../shared/zoo-mirror/README.md` probes its networks: seven tenths are learnt from. */
const TEST_SHARE = 0.3;

export interface ProbeRound {
  readonly set: string;
  readonly seed: number;
  readonly tested: number;
  /** What `graft build` chooses unless told otherwise. */
  readonly pick: number;
  readonly choice: string;
  /** What `--ensemble` chooses. */
  readonly together: number;
  readonly togetherChoice: string;
  /** Every network read at its end, by a linear head. */
  readonly plain: Readonly<Record<string, number>>;
}

/** What can be searched over. */
export interface ProbeField {
  readonly set: PhotoSet;
  readonly features: SetFeatures;
  /** Of the networks as they see pictures in an ensemble of several sizes. */
  readonly views: SetFeatures;
  /** Backbones that can be one network. */
  readonly groups: readonly (readonly string[])[];
}

const choiceOf = ({ backbone, tap, head }: Picked): string => `${backbone}/${tap} by ${head}`;

/** Graft's pick beside a plain probe on each network alone, on the same deal of the pictures. */
export async function probeRound(
  { set, features, views, groups }: ProbeField,
  seed: number,
): Promise<ProbeRound> {
  const round = deal(set, null, seed, TEST_SHARE);
  const data = dataOf(round, set.classNames, seed);
  const all = features.of(round.rows);
  const pick = await searchAndPick(all, data, asBuilt(groups));
  const together = await searchAndPick(all, data, { ensembles: groups, views: views.of(round.rows) });
  const plain: Record<string, number> = {};
  for (const id of new Set(all.map((one) => one.backbone)))
    plain[id] = (await fixedChoice(lastTapOf(all, id), data)).accuracy;
  return {
    ...{ set: set.name, seed, tested: round.test, plain },
    ...{ pick: pick.accuracy, choice: choiceOf(pick) },
    ...{ together: together.accuracy, togetherChoice: choiceOf(together) },
  };
}

/** Means by set, and the network that is best on the mean of the seeds. */
export function summariseProbes(rounds: readonly ProbeRound[]) {
  return [...new Set(rounds.map(({ set }) => set))].map((set) => {
    const own = rounds.filter((round) => round.set === set);
    const ids = Object.keys(own[0]?.plain ?? {});
    const plain = ids
      .map((backbone) => ({ backbone, accuracy: mean(own.map((round) => round.plain[backbone] ?? NaN)) }))
      .sort((a, b) => b.accuracy - a.accuracy);
    const pick = mean(own.map((round) => round.pick));
    const together = mean(own.map((round) => round.together));
    return { set, seeds: own.length, pick, together, best: plain[0], plain };
  });
}
