import type { Writable } from 'node:stream';

/** What the command line needs to know of the terminal behind a stream. */
export interface Terminal extends Writable {
  isTTY?: boolean;
  columns?: number;
  hasColors?: () => boolean;
}

interface Sink {
  write: (text: string, done?: () => void) => unknown;
  readonly destroyed: boolean;
}

/** Where answers (standard output) and everything said on the way (standard error) go. */
export interface Output {
  readonly stderr: Terminal;
  /** The answer: standard output. */
  print(text: string): void;
  printJson(value: unknown): void;
  /** A remark: standard error. */
  note(text: string): void;
  /** Sends remarks through what is drawing on standard error just then; null ends it. */
  divert(speak: ((text: string) => void) | null): void;
  /** Resolves once all that was printed has left the process. */
  flush(): Promise<void>;
}

const line = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

export function createOutput(stdout: Sink, stderr: Terminal): Output {
  let diverted: ((text: string) => void) | null = null;
  return {
    stderr,
    print: (text) => void stdout.write(line(text)),
    printJson: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => (diverted ? diverted(text) : void stderr.write(line(text))),
    divert: (speak) => {
      diverted = speak;
    },
    flush: () => Promise.all([drained(stdout), drained(stderr)]).then(() => undefined),
  };
}

/** An empty write is queued behind the others, so its callback tells that they are out; a closed pipe counts as out. */
const drained = (stream: Sink): Promise<void> =>
  new Promise((resolve) => {
    if (stream.destroyed) return resolve();
    stream.write('', () => resolve());
  });

/**
 * Standard output belongs to the answer: whatever a library prints there (banners of native packages, loggers) goes to
 * standard error instead, so that `--json` is one document and nothing else. A reader that closes the pipe is no error.
 */
export function claimStandardOutput(): Output {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  const answer: Sink = {
    write: (text, done) => write(text, done),
    get destroyed() {
      return stdout.destroyed;
    },
  };
  stdout.write = stderr.write.bind(stderr);
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  return createOutput(answer, stderr);
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
