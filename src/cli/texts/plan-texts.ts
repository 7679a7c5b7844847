import { runSettingsSchema, type RunSettings } from '../../config/settings.js';
import { categoryKey } from '../../dataset/split/check-categories.js';
import { MIN_GROUPS_PER_CATEGORY } from '../../dataset/split/split-by-group.js';
import { usageError } from '../errors.js';
import { limitsOf, type BuildOptions } from '../plan.js';
import type { LabelledText } from '../../texts/read-texts.js';
import { labelledFrom, unlabelledFrom } from './text-files.js';

/** What a build over texts is going to do, checked before anything long begins. */
export interface TextPlan {
  readonly categories: readonly string[];
  readonly settings: RunSettings;
  readonly labelled: readonly LabelledText[];
  readonly unlabelled: readonly string[];
  readonly leftOut: readonly string[];
}

/** Options of `graft build` that make no sense for texts. */
const FOR_PICTURES = [
  'provider',
  'images',
  'urls',
  'licence',
  'synonym',
  'query',
  'maxBackbones',
  'ensemble',
  'augment',
] as const;

/** @throws CliError (exit code 2) saying what is needed */
export async function planTexts(
  named: readonly string[],
  options: BuildOptions & { unlabelled?: string },
): Promise<TextPlan> {
  refuseOthers(named, options);
  if (options.from === undefined)
    throw usageError(
      'no-texts',
      'A build over texts needs labelled ones.',
      'Name them with --from labelled.csv (header label,text), a .jsonl file or a folder.',
    );
  const own = await labelledFrom(options.from);
  const more =
    options.unlabelled === undefined ? { rows: [], leftOut: [] } : await unlabelledFrom(options.unlabelled);
  return {
    categories: labelsOf(own.rows, options.from),
    settings: runSettingsSchema.parse({
      modality: 'text',
      ...limitsOf(options),
      seed: options.seed,
      backbones: options.backbone,
    }),
    labelled: own.rows,
    unlabelled: more.rows,
    leftOut: [...own.leftOut, ...more.leftOut],
  };
}

function refuseOthers(named: readonly string[], options: BuildOptions): void {
  const given = FOR_PICTURES.filter((name) => options[name] !== undefined).map(
    (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
  const wrong = named.length > 0 ? [`the category ${named[0]}`, ...given] : given;
  if (wrong.length === 0) return;
  throw usageError(
    'not-for-texts',
    `With --modality text, ${wrong.join(' and ')} cannot be used: texts are not searched for.`,
    'The labels come from the file that --from names.',
  );
}

/** The labels in the order they first occur, each with enough texts. */
function labelsOf(rows: readonly LabelledText[], from: string): string[] {
  const found = new Map<string, { name: string; count: number }>();
  for (const { label } of rows) {
    const key = categoryKey(label);
    const one = found.get(key) ?? { name: label, count: 0 };
    one.count += 1;
    found.set(key, one);
  }
  const labels = [...found.values()];
  if (labels.length < 2)
    throw usageError(
      'one-label',
      `${from} has one label only: ${labels[0]?.name ?? ''}.`,
      'Add texts of at least one other label.',
    );
  const short = labels.filter(({ count }) => count < MIN_GROUPS_PER_CATEGORY);
  if (short.length === 0) return labels.map(({ name }) => name);
  throw usageError(
    'too-few-texts',
    `Too few texts in ${from}: ${short.map(({ name, count }) => `${name} has ${count}`).join(', ')}. At least ${MIN_GROUPS_PER_CATEGORY} different texts a label are needed.`,
    'Add texts of these labels, or leave the labels out.',
  );
}
