import type { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { retrainingSchema, type RetrainingView } from '../../http/api/retraining.js';
import { segment, type GraftClient } from '../client.js';
import { envFor, taskOf, withService, type CliContext, type DataOptions } from '../context.js';
import { CliError } from '../errors.js';
import { collectList } from '../options.js';
import type { Progress } from '../render/progress.js';
import { findProject, withDataFolder, withJson } from './shared.js';

interface RetrainOptions extends DataOptions {
  backbones?: string[];
}

const LOOK_EVERY_MS = 500;

/** `graft retrain`. */
export function registerRetrain(program: Command, context: CliContext): void {
  const command = program
    .command('retrain')
    .description('train a challenger; it becomes the champion only if it wins on the held-out pictures')
    .argument('<project>', 'name or id of the project, or id of one of its models')
    .option('--backbones <ids>', 'try these alone, on the data set of the champion', collectList);
  withJson(withDataFolder(command)).action((project: string, options: RetrainOptions) =>
    retrain(context, project, options),
  );
}

async function retrain(context: CliContext, project: string, options: RetrainOptions): Promise<void> {
  const outcome = await withService(context, envFor(options), async ({ client }, progress) => {
    const projectId = await findProject(client, project);
    const path = `/projects/${segment(projectId)}/retrain`;
    const json = { backbones: options.backbones };
    const started = await client.read(path, retrainingSchema, { method: 'POST', json });
    return follow(client, progress, started.id, context.signal);
  });
  if (options.json) context.output.printJson(outcome);
  if (outcome.state === 'failed') throw failed(outcome);
  if (!options.json) context.output.print(renderRetraining(outcome));
}

/** Until there is a verdict. A winner that shadows the champion first goes on without this command. */
async function follow(
  client: GraftClient,
  progress: Progress,
  id: string,
  signal: AbortSignal,
): Promise<RetrainingView> {
  for (;;) {
    const view = await client.read(`/retrainings/${segment(id)}`, retrainingSchema);
    if (!['queued', 'training'].includes(view.state)) return view;
    if (view.runId !== null) {
      const { stages } = await client.run(view.runId);
      progress.update(
        stages.flatMap(({ stage, state, ...facts }) =>
          state === 'pending' ? [] : [taskOf(stage, state, { ...facts })],
        ),
      );
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** What became of a retraining, in words. */
export function renderRetraining({ state, detail, verdict }: RetrainingView): string {
  const reasons = verdict?.reasons.map((reason) => `  ${reason}`) ?? [];
  const versions = verdict && `version ${verdict.challenger.version} against ${verdict.champion.version}`;
  const chance =
    verdict && verdict.comparisons > 1
      ? [`  It was challenger number ${verdict.comparisons} on these held-out examples.`]
      : [];
  const heading: Record<RetrainingView['state'], string> = {
    queued: `Retraining waits (${detail}).`,
    training: `Retraining goes on (${detail}).`,
    promoted: `The challenger is the champion now (${versions ?? detail}):`,
    shadowing: `The challenger wins, and answers silently beside the champion first (${versions}):`,
    refused: `The champion stays (${versions}):`,
    'rolled-back': 'The challenger was promoted, and rolled back.',
    failed: 'Retraining failed.',
  };
  return [heading[state], ...reasons, ...chance].join('\n');
}

const failed = ({ id, error }: RetrainingView): CliError =>
  new CliError({
    code: 'retraining-failed',
    message: error ?? `The retraining ${id} failed.`,
    fix: 'Nothing has changed: the champion goes on answering.',
  });
