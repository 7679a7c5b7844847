import type { Wording } from '../../../zoo/index.js';
import type { Report } from '../../http/api.js';
import { wordings } from '../../modalities/modality.js';
import type { SelectionView } from '../../runs/selection.js';
import { interval, percent, plural, points, shortTap } from './format.js';

type Comparison = SelectionView['comparisons'][number];

function optimismLine({ optimism }: SelectionView): string | null {
  if (optimism === null) return null;
  const { trials, estimate, corrected } = optimism;
  return (
    `Optimism: the best of ${plural(trials, 'trial')} looks about ${points(estimate)} points too good; ` +
    `corrected validation accuracy ${percent(corrected)} (95 % interval ${interval(optimism.interval)}).`
  );
}

const RIVALS = {
  'runner-up': 'the most accurate other trial',
  'other-backbone': 'the best of another backbone',
  'one-backbone': 'the best of one backbone alone',
  'last-tap': 'its own last tap',
  'beyond-cap': 'the best that costs more than was allowed',
};

function comparisonLine({ rival, backbone, tap, head, ...numbers }: Comparison, { many }: Wording): string {
  const { difference, onlyChosen, onlyRival, pValue } = numbers;
  const [low, high] = numbers.interval;
  const apart = pValue < 0.05 ? 'they can be told apart' : 'they cannot be told apart';
  return (
    `Against ${RIVALS[rival]} (${backbone}, ${shortTap(tap)}, ${head}): ${points(difference)} points ` +
    `(95 % interval ${points(low)} to ${points(high)}); only the chosen is right on ${onlyChosen} ${many}, only the other on ${onlyRival}; ` +
    `McNemar p = ${pValue.toFixed(2)}, ${apart}.`
  );
}

function unknownLine(
  { unknown: { below, rightBelow, wrongBelow } }: SelectionView,
  { many }: Wording,
): string {
  if (below === null)
    return `Unknown: too few ${many} to say from which confidence on an answer is worth giving.`;
  return (
    `Unknown: below a confidence of ${below.toFixed(3)} the answer should be "unknown"; ` +
    `of the held-out ${many} ${percent(rightBelow)} of the right and ${percent(wrongBelow)} of the wrong answers lie there.`
  );
}

/** How the winner was chosen and how far that can be believed; nothing for runs of before it was kept. */
export function renderSelection({ selection, modality }: Pick<Report, 'selection' | 'modality'>): string[] {
  if (selection === null) return [];
  const wording = wordings[modality];
  return [
    optimismLine(selection),
    ...selection.comparisons.map((one) => comparisonLine(one, wording)),
    unknownLine(selection, wording),
    ...selection.droppedBackbones.map(({ backbone, reason }) => `Dropped early: ${backbone}. ${reason}`),
    ...selection.leftOut,
  ].filter((line) => line !== null);
}
