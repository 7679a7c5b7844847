import { Writable } from 'node:stream';
import { createOutput } from '../../src/cli/output.js';
import { runCli } from '../../src/cli/run-cli.js';
import { holdDataFolder } from '../../src/storage/data-folder.js';
import type { Ended } from './graft-process.js';
import type { OpenApp } from './open-app.js';

function sink(): { stream: Writable; text: () => string } {
  let written = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  return { stream, text: () => written };
}

/** `graft`, in this process, on the data folder of an application that is open here. */
export interface InProcessCli {
  run(...argv: string[]): Promise<Ended>;
  close(): Promise<void>;
}

/** Announces the application as the one that holds its data folder, so that commands go through it. */
export async function cliOn({ platform, url }: OpenApp): Promise<InProcessCli> {
  const { dataDir } = platform.env;
  const held = await holdDataFolder(dataDir, () => new Date());
  await held.announce(url);
  return {
    run: async (...argv) => {
      const [stdout, stderr] = [sink(), sink()];
      const context = {
        output: createOutput(stdout.stream, stderr.stream),
        signal: new AbortController().signal,
      };
      const code = await runCli([...argv, '--data-dir', dataDir], context);
      return { code, stdout: stdout.text(), stderr: stderr.text() };
    },
    close: () => held.release(),
  };
}
