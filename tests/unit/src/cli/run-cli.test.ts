import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { InterruptedError } from '../../../../src/cli/errors.js';
import { createOutput } from '../../../../src/cli/output.js';
import { runCli } from '../../../../src/cli/run-cli.js';
import { pictures, tempFolder } from './temp-folder.js';

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

async function graft(...argv: string[]) {
  const [stdout, stderr] = [sink(), sink()];
  const context = {
    output: createOutput(stdout.stream, stderr.stream),
    signal: new AbortController().signal,
  };
  const code = await runCli(argv, context);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

describe('graft', () => {
  test('--help and --version answer on standard output', async () => {
    const help = await graft('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of [
      'build',
      'resume',
      'runs',
      'cancel',
      'models',
      'predict',
      'serve',
      'zoo',
      'doctor',
      'gallery',
      'demo',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    }
    expect(await graft('--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test('without a command it shows its help and fails', async () => {
    expect(await graft()).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: graft'),
    });
  });

  test.each([
    [['bild'], /unknown command 'bild'/],
    [['build', '--imagse', '3'], /unknown option '--imagse'/],
    [['build', 'cat', 'dog', '--images', '3'], /from 4 to 10000/],
    [['build', 'cat', 'dog', '--budget', 'soon'], /90s, 10m, 1h/],
    [['build', 'cat', 'dog', '--seed', '-1'], /A seed is a whole number/],
    [['build', 'cat'], /only "cat" was given/],
    [['build', 'cat', 'Cat'], /are the same category/],
    [['predict', 'a.jpg'], /required option '--package <dir>'/],
    [['predict', '--package', '/nowhere', 'a.jpg'], /holds no package/],
  ])('%j is refused in one message, exit code 2', async (argv, message) => {
    const { code, stdout, stderr } = await graft(...argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error: [^\n]+\n {2}[^\n]+\n$/); // the error, and what to do about it
  });

  test.each([
    [['build', 'cat', '--json'], 'bad-categories'],
    [['build', '--json', '--nonsense'], 'bad-usage'],
    [['build', '--json', '--from', '/nowhere'], 'no-such-folder'],
    [['predict', '--json', '--package', '/nowhere', 'a.jpg'], 'not-a-package'],
  ])('with --json, %j fails with one document', async (argv, errorCode) => {
    const { code, stdout } = await graft(...argv);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: errorCode, message: expect.any(String), fix: expect.any(String), stage: null },
    });
  });

  test('an --out folder with other things in it is refused before any work', async () => {
    const from = tempFolder({ ...pictures('cat', 5), ...pictures('dog', 5) });
    const { code, stderr } = await graft('build', '--from', from, '--out', from);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('holds something else than a package'),
    });
  });

  test('Ctrl-C has an exit code of its own', async () => {
    const [stdout, stderr] = [sink(), sink()];
    const signal = AbortSignal.abort(new InterruptedError('go on with it'));
    const from = tempFolder({ ...pictures('cat', 5), ...pictures('dog', 5) });
    const argv = ['build', '--from', from, '--data-dir', tempFolder()];
    expect(await runCli(argv, { output: createOutput(stdout.stream, stderr.stream), signal })).toBe(130);
    expect(stderr.text()).toContain('Interrupted.\n  go on with it');
  });
});
