import {
  compareWithRivals,
  estimateOptimism,
  fitsCap,
  type Cap,
  type DroppedBackbone,
  type Selection,
  type SearchResult,
  type TieRule,
  type Validation,
} from '../../../zoo/index.js';
import type { TrialValidation } from '../../runs/run.js';
import type { SelectionView } from '../../runs/selection.js';

/** A score as it is kept and shown. */
export const scoreOf = ({
  accuracy,
  interval,
  count,
}: Pick<Validation, 'accuracy' | 'interval' | 'count'>): TrialValidation => ({
  accuracy,
  interval: [interval[0], interval[1]],
  count,
});

/** What the choice was made by. */
interface ChoiceTerms {
  readonly seed: number;
  readonly cap: Cap;
  readonly rule: TieRule;
  readonly dropped: readonly DroppedBackbone[];
  readonly leftOut: readonly string[];
}

/** How the winner was chosen among the trials that keep to the cap, and how far that can be believed. */
export async function viewSelection(
  { trials, floor }: SearchResult,
  selection: Selection,
  { seed, cap, rule, dropped, leftOut }: ChoiceTerms,
): Promise<SelectionView> {
  return {
    floor: floor.map(({ kind, backbone, tap, validation }) => {
      return { kind, backbone, tap, validation: scoreOf(validation) };
    }),
    optimism: await estimateOptimism(
      trials.filter(({ cost }) => fitsCap(cost, cap)),
      seed,
      rule,
    ),
    comparisons: compareWithRivals(trials, selection.trial, seed, cap).map(({ trial, ...numbers }) => {
      const { backbone, tap, head, params } = trial;
      return { backbone, tap, head, params, ...numbers };
    }),
    unknown: selection.unknown,
    temperature: selection.temperature,
    droppedBackbones: [...dropped],
    leftOut: [...leftOut],
  };
}
