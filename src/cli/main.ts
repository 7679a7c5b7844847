import { EXIT, InterruptedError } from './errors.js';
import { claimStandardOutput, type Output } from './output.js';
import { runCli } from './run-cli.js';

/** The first Ctrl-C stops in good order, the second at once. */
function interruption(output: Output): AbortSignal {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    output.note('Stopping in good order; once more stops at once.');
    abort.abort(new InterruptedError());
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return abort.signal;
}

const output = claimStandardOutput();
const code = await runCli(process.argv.slice(2), {
  output,
  signal: interruption(output),
  get keyboard() {
    return process.stdin; // opened only where somebody is asked
  },
});
await output.flush();
// Connections and native threads may linger; nothing is left to be done.
process.exit(code);
