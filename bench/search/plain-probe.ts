import type { SetFeatures } from './bench-zoo.js';
import { asBuilt, dataOf, fixedChoice, lastTapOf, searchAndPick } from './contest.js';
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
  /** Every network read at its end, by a linear head. */
  readonly plain: Readonly<Record<string, number>>;
}

/** Graft's pick beside a plain probe on each network alone, on the same deal of the pictures. */
export async function probeRound(
  set: PhotoSet,
  features: SetFeatures,
  groups: readonly (readonly string[])[],
  seed: number,
): Promise<ProbeRound> {
  const round = deal(set, null, seed, TEST_SHARE);
  const data = dataOf(round, set.classNames, seed);
  const all = features.of(round.rows);
  const { accuracy, backbone, tap, head } = await searchAndPick(all, data, asBuilt(groups));
  const plain: Record<string, number> = {};
  for (const id of new Set(all.map((one) => one.backbone)))
    plain[id] = (await fixedChoice(lastTapOf(all, id), data)).accuracy;
  return {
    ...{ set: set.name, seed, tested: round.test, plain },
    ...{ pick: accuracy, choice: `${backbone}/${tap} by ${head}` },
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
    return { set, seeds: own.length, pick: mean(own.map(({ pick }) => pick)), best: plain[0], plain };
  });
}
