import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Report, RunView } from '../http/api.js';
import type { ModalityId } from '../modalities/modality.js';
import type { StageView } from '../runs/run.js';
import type { CliContext } from './context.js';
import { InterruptedError, runError } from './errors.js';
import { followRun } from './follow.js';
import { copyPackage } from './package-copy.js';
import type { Progress, ProgressTask } from './render/progress.js';
import { renderReport } from './render/report.js';
import type { ServiceLink } from './service.js';

export interface FinishedBuild {
  run: RunView;
  report: Report;
}

export interface FinishOptions {
  /** Where the package is to be copied; without it, it stays in the data folder. */
  out?: string;
  dataDir?: string;
}

const stageTask = ({ stage, state, done, total, note, elapsedMs }: StageView): ProgressTask => ({
  id: `stage-${stage}`,
  label: stage,
  state,
  done,
  total,
  note,
  elapsedMs,
});

/**
 * Follows a run to its end, showing its stages, and brings its package to where it was asked for.
 * @throws CliError when the run ends without a model; InterruptedError, with how to go on, at Ctrl-C
 */
export async function runToEnd(
  context: CliContext,
  link: ServiceLink,
  progress: Progress,
  runId: string,
  options: FinishOptions,
): Promise<FinishedBuild> {
  const onState = (state: RunView): void => progress.update(state.stages.map(stageTask));
  try {
    const run = await followRun(link.client, runId, { onState, signal: context.signal });
    if (run.state !== 'succeeded' || run.modelId === null) throw runError(run);
    const report = await link.client.report(runId);
    if (options.out === undefined) return { run, report };
    const folder = await copyPackage(link.client, run.modelId, options.out);
    await writeFile(join(folder, 'ATTRIBUTION.csv'), await link.client.attribution(run.id));
    return { run, report: { ...report, package: folder } };
  } catch (error) {
    if (context.signal.aborted) throw new InterruptedError(howToGoOn(link, runId, options));
    throw error;
  }
}

function howToGoOn(link: ServiceLink, runId: string, { dataDir }: FinishOptions): string {
  const place = dataDir === undefined ? '' : ` --data-dir ${shellWord(dataDir)}`;
  const resume = `npx graft resume ${runId}${place}`;
  if (!link.own) {
    return `The run goes on in the service at ${link.client.url}: \`${resume}\` follows it, \`npx graft cancel ${runId}${place}\` stops it.`;
  }
  return `What is finished is kept: \`${resume}\`, or the same build again, goes on from there.`;
}

/** A path as it can be typed into a shell, relative where that's shorter. */
export function shellPath(path: string): string {
  const near = relative(process.cwd(), path);
  return shellWord(near !== '' && near.length < path.length ? near : path);
}

const shellWord = (word: string): string =>
  /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

export function nextCommands(packageDir: string, modality: ModalityId): string[] {
  const path = shellPath(packageDir);
  const what = { image: 'PICTURE...', text: '--text "..."' }[modality];
  return [`npx graft predict --package ${path} ${what}`, `npx graft serve --package ${path} --port 3000`];
}

/** Prints the end of a build: one JSON document, or the report for people. */
export function printBuild(context: CliContext, { report }: FinishedBuild, json: boolean | undefined): void {
  if (json) return context.output.printJson(report);
  const next = nextCommands(report.package, report.modality);
  context.output.print(`\n${renderReport(report, { packageDir: shellPath(report.package), next })}`);
}
