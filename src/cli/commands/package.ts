import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Replay } from '../../../zoo/index.js';
import type { CliContext } from '../context.js';
import { CliError, EXIT } from '../errors.js';
import { renderTable } from '../render/table.js';
import { requirePackage } from './predict.js';
import { withJson } from './shared.js';

/** `graft package`: what can be done with a package folder, anywhere. */
export function registerPackage(program: Command, context: CliContext): void {
  const group = program
    .command('package')
    .description('check a packaged model, or get it ready for a browser');
  const verify = group
    .command('verify')
    .description(
      'replay the golden pictures or texts: does the package predict here what it predicted where it was made?',
    )
    .argument('<dir>', 'folder of the package');
  withJson(verify).action((dir: string, options: { json?: boolean }) => verifyPackage(context, dir, options));
  group
    .command('browser')
    .description(
      'put onnxruntime-web and wasm-vips beside its page (20 MB), so that any file server can serve it',
    )
    .argument('<dir>', 'folder of the package')
    .action((dir: string) => prepareForBrowser(context, dir));
}

async function prepareForBrowser(context: CliContext, dir: string): Promise<void> {
  await requirePackage(dir);
  const { copyBrowserRuntime } = await import('../../../zoo/index.js');
  const folder = await copyBrowserRuntime(resolve(dir));
  context.output.print(
    `${folder} is filled. Serve ${dir} with any file server, and open ${join(dir, 'index.html')}.`,
  );
}

/** The answer has been printed already: only the exit code and one line are left. */
export class GoldenDiffersError extends CliError {
  constructor(worst: Replay) {
    super({
      code: 'golden-differs',
      message:
        worst.difference === null
          ? `${worst.file} is not the file it was.`
          : `${worst.file} is predicted differently: by up to ${worst.difference.toExponential(2)}.`,
      fix: 'Copy the whole package again. If it differs still, this machine computes differently: say so in an issue.',
      exitCode: EXIT.failed,
    });
  }
}

async function verifyPackage(context: CliContext, dir: string, options: { json?: boolean }): Promise<void> {
  await requirePackage(dir);
  const { PACKAGE_TOLERANCE, replayGolden } = await import('../../../zoo/index.js');
  const replays = await replayGolden(resolve(dir));
  const worst = replays.toSorted((a, b) => weight(b) - weight(a))[0];
  const holds = worst === undefined || weight(worst) <= PACKAGE_TOLERANCE;
  if (options.json) context.output.printJson({ holds, tolerance: PACKAGE_TOLERANCE, pictures: replays });
  else context.output.print(render(replays));
  if (!holds) throw new GoldenDiffersError(worst);
}

const weight = ({ difference }: Replay): number => difference ?? Number.POSITIVE_INFINITY;

function render(replays: readonly Replay[]): string {
  const columns = [
    { title: 'golden' },
    { title: 'shows' },
    { title: 'predicted' },
    { title: 'difference', align: 'right' as const },
  ];
  const rows = replays.map(({ file, shows, label, difference }) => [
    file,
    shows ?? '(made for this)',
    label,
    difference === null ? 'changed' : difference.toExponential(1),
  ]);
  return renderTable(columns, rows);
}
