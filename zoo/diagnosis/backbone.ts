import { parseLooks } from '../backbones/looks.js';
import { isPlainTap } from '../graph/taps.js';
import { mcnemar, wilson } from '../metrics/index.js';
import type { Trial, Validation } from '../search/types.js';
import { percent, type Findings } from './evidence.js';
import type { Diagnosis } from './types.js';

type Scored = Trial & { readonly validation: Validation };

const isScored = (trial: Trial): trial is Scored => trial.validation !== null;
const better = (a: Scored, b: Scored): Scored => (b.validation.accuracy > a.validation.accuracy ? b : a);

/** Of the best tap of one backbone and its last one, read by the same kind of head. */
interface Depths {
  readonly best: Scored;
  readonly last: Scored;
}

function depthsOf({ trials, depthOf, chosen }: Findings): Depths[] {
  const heads = trials.filter(isScored).filter(({ head }) => head === 'ridge');
  const scored =
    heads.length > 0 ? heads : trials.filter(isScored).filter(({ head }) => head === chosen.head);
  // An ensemble has no end of its own, its members have; further looks at the pictures are no backbone of their own.
  const alone = scored.filter(
    ({ backbone, tap }) => isPlainTap(tap) && parseLooks(backbone).looks.length === 0,
  );
  return [...new Set(alone.map(({ backbone }) => backbone))].map((id) => {
    const own = ({ backbone }: Scored): boolean => backbone === id;
    return {
      best: scored.filter(own).reduce(better),
      last: alone
        .filter(own)
        .reduce((deepest, trial) => (depthOf(trial) > depthOf(deepest) ? trial : deepest)),
    };
  });
}

/** Share of the majority class: what guessing gives. */
function guess({ y, classNames }: Findings): number {
  const counts = classNames.map((_, label) => y.filter((value) => value === label).length);
  return Math.max(...counts) / y.length;
}

/**
 * No backbone of the zoo knows this kind of picture: even the best tap of all surely (95 %) closes less than half of the gap between guessing and
 * certainty; or it closes less than three quarters, and the best one lies in the shallow half of its network and beats the end of it beyond chance
 * (McNemar, p < 0.01): what the network learnt last is of no use here.
 */
export function backboneMismatch(findings: Findings): Diagnosis[] {
  const depths = depthsOf(findings);
  if (depths.length === 0) return [];
  const { best, last } = depths.reduce((a, b) => (better(a.best, b.best) === a.best ? a : b));
  const floor = guess(findings);
  const correct = best.validation.correct.reduce((sum, value) => sum + value, 0);
  const upper = wilson(correct, best.validation.count)[1];
  const closed = (upper - floor) / (1 - floor);
  const depth = findings.depthOf(best);
  const { pValue } = mcnemar(best.validation.correct, last.validation.correct);
  const shallow = depth < 0.5 && best.validation.accuracy > last.validation.accuracy && pValue < 0.01;
  if (!(closed < 0.5 || (closed < 0.75 && shallow))) return [];
  return [
    {
      code: 'backbone-mismatch',
      blames: 'backbone',
      severity: 'high',
      message:
        `No backbone suits these ${findings.wording.many}: of ${depths.length} tried, the best is ${best.backbone}, ${best.tap === last.tap ? 'read at its end,' : `at ${percent(depth)} of its depth`} with ${percent(best.validation.accuracy)}, ` +
        `${best.tap === last.tap ? '' : `its last tap has ${percent(last.validation.accuracy)}, `}and guessing gives ${percent(floor)}.`,
      evidence: {
        accuracy: best.validation.accuracy,
        depth,
        lastTap: last.validation.accuracy,
        pValue,
        guess: floor,
        closed,
        backbones: depths.length,
      },
      fix: `Try other backbones: set GRAFT_ZOO_MIRROR, pull a stronger one (graft zoo pull), or ${findings.wording.ownBackbone}. If people cannot tell the ${findings.wording.many} apart either, look at the labels.`,
      categories: [],
      examples: [],
    },
  ];
}
