import { Command, CommanderError } from 'commander';
import { VERSION } from '../config/version.js';
import { readEnv } from '../config/env.js';
import { registerAttribution } from './commands/attribution.js';
import { registerBuild } from './commands/build.js';
import { registerDedupe } from './commands/dedupe.js';
import { registerDataset } from './commands/dataset.js';
import { registerDemo } from './commands/demo.js';
import { BrokenInstallationError, registerDoctor } from './commands/doctor.js';
import { registerGallery } from './commands/gallery.js';
import { registerKeys } from './commands/keys.js';
import { registerModels } from './commands/models.js';
import { GoldenDiffersError, registerPackage } from './commands/package.js';
import { PicturesFailedError, registerPredict } from './commands/predict.js';
import { registerRetrain } from './commands/retrain.js';
import { registerResume } from './commands/resume.js';
import { registerReview } from './commands/review.js';
import { registerRetry } from './commands/retry.js';
import { registerRuns } from './commands/runs.js';
import { registerSchedule } from './commands/schedule.js';
import { registerSearch } from './commands/search.js';
import { registerServe } from './commands/serve.js';
import { registerWorker } from './commands/worker.js';
import { registerZoo } from './commands/zoo.js';
import type { CliContext } from './context.js';
import { describeError, EXIT, InterruptedError, type ErrorReport } from './errors.js';
import type { Output } from './output.js';

const COMMANDS = [
  registerBuild,
  registerSearch,
  registerResume,
  registerRetry,
  registerRuns,
  registerReview,
  registerDataset,
  registerAttribution,
  registerModels,
  registerKeys,
  registerPredict,
  registerPackage,
  registerRetrain,
  registerSchedule,
  registerDedupe,
  registerServe,
  registerWorker,
  registerZoo,
  registerDoctor,
  registerGallery,
  registerDemo,
];

/** The commands, with their options and help. */
export function createProgram(context: CliContext): Command {
  const { output } = context;
  const program = new Command('graft')
    .description('From category names to a served image classifier.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.print(text),
      writeErr: (text) => output.note(text),
      outputError: () => undefined, // `runCli` tells all errors, in one shape
    });
  for (const register of COMMANDS) register(program, context);
  return program;
}

/**
 * Does what a command line says.
 * @returns the exit code
 */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return report(
      context.signal.aborted && !(error instanceof InterruptedError) ? context.signal.reason : error,
      argv,
      context.output,
    );
  }
}

function report(error: unknown, argv: readonly string[], output: Output): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok; // help or version, as asked
    if (error.code === 'commander.help') return EXIT.usage; // printed because no command was named
  }
  const json = argv.includes('--json');
  const description = error instanceof CommanderError ? describeUsage(error) : describeError(error);
  // These commands have printed their findings already, and there must be only one document.
  const answered =
    error instanceof PicturesFailedError ||
    error instanceof GoldenDiffersError ||
    error instanceof BrokenInstallationError;
  if (json && !answered) output.printJson({ error: documentOf(description) });
  output.note(textOf(description));
  if (isDebugging() && error instanceof Error) output.note(error.stack ?? '');
  return description.exitCode;
}

function describeUsage(error: CommanderError): ErrorReport {
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return {
    code: 'bad-usage',
    message,
    fix: 'Add --help to see how the command is used.',
    stage: null,
    exitCode: EXIT.usage,
  };
}

const documentOf = ({ code, message, fix, stage }: ErrorReport): Omit<ErrorReport, 'exitCode'> => ({
  code,
  message,
  fix,
  stage,
});

function textOf({ message, fix, stage }: ErrorReport): string {
  const where = stage === null ? '' : ` (stage ${stage})`;
  return `error${where}: ${message}${fix === null ? '' : `\n  ${fix}`}`;
}

function isDebugging(): boolean {
  try {
    return readEnv().debug;
  } catch {
    return false; // a bad environment is what is being reported
  }
}
