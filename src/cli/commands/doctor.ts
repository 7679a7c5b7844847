import type { Command } from 'commander';
import { envFor, type CliContext, type DataOptions } from '../context.js';
import type { Diagnosis } from '../doctor/check.js';
import { CliError } from '../errors.js';
import { withDataFolder, withJson } from './shared.js';

/** `graft doctor`: what's installed, what works, how to fix the rest. */
export function registerDoctor(program: Command, context: CliContext): void {
  const command = program
    .command('doctor')
    .description('check the installation, and say how to fix what is wrong');
  withJson(withDataFolder(command)).action((options: DataOptions) => examine(context, options));
}

async function examine(context: CliContext, options: DataOptions): Promise<void> {
  const { doctorChecks } = await import('../doctor/index.js');
  const { runCheck } = await import('../doctor/check.js');
  const env = envFor(options);
  const diagnoses: Diagnosis[] = [];
  for (const check of doctorChecks) {
    context.signal.throwIfAborted();
    const found = await runCheck(check, env);
    diagnoses.push(...found);
    if (!options.json) context.output.print(found.map(renderDiagnosis).join('\n'));
  }
  const broken = diagnoses.filter(({ status }) => status === 'error');
  if (options.json) context.output.printJson({ ok: broken.length === 0, checks: diagnoses });
  if (broken.length > 0) throw new BrokenInstallationError(broken.map(({ title }) => title));
}

/** The findings have been printed already. */
export class BrokenInstallationError extends CliError {
  constructor(titles: readonly string[]) {
    super({
      code: 'broken-installation',
      message: `Something essential does not work: ${titles.join(', ')}.`,
    });
  }
}

const MARKS = { ok: '✔', warning: '!', error: '✖' } as const;
const TITLE_CELLS = 22;

export function renderDiagnosis({ status, title, detail, fix }: Diagnosis): string {
  const line = `${MARKS[status]} ${title.padEnd(TITLE_CELLS)} ${detail}`;
  return fix === null ? line : `${line}\n${' '.repeat(TITLE_CELLS + 3)}${fix}`;
}
