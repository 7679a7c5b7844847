import { describe, expect, test } from 'vitest';
import { CliError, describeError, runError } from '../../../../src/cli/errors.js';
import { EnvError } from '../../../../src/config/env.js';
import { DataFolderHeldError } from '../../../../src/storage/data-folder.js';
import { aRun, RUN_ID } from './samples.js';

describe('describeError', () => {
  test('own errors keep all they say', () => {
    const error = new CliError({ code: 'a', message: 'b', fix: 'c', stage: 'fetch', exitCode: 2 });
    expect(describeError(error)).toEqual({ code: 'a', message: 'b', fix: 'c', stage: 'fetch', exitCode: 2 });
  });

  test('errors raised on purpose elsewhere speak for themselves', () => {
    const holder = { pid: 7, instanceId: 'x', url: null, startedAt: 'today' };
    expect(describeError(new DataFolderHeldError('/data', holder))).toMatchObject({
      code: 'data-folder-held',
      message: expect.stringContaining('process 7'),
      exitCode: 1,
    });
    expect(describeError(new EnvError('GRAFT_PORT="x" is not valid'))).toMatchObject({
      code: 'bad-environment',
      exitCode: 2,
    });
  });

  test('errors of the system get a remedy', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(describeError(full)).toMatchObject({ code: 'ENOSPC', fix: expect.stringContaining('disk space') });
  });

  test('anything else points to the way to more', () => {
    for (const thrown of [new TypeError('x is not a function'), 'a string', undefined]) {
      expect(describeError(thrown)).toMatchObject({
        code: 'internal',
        exitCode: 1,
        fix: expect.stringContaining('GRAFT_DEBUG'),
      });
    }
  });
});

describe('runError', () => {
  test('a failed run fails with its own error and stage', () => {
    const error = {
      code: 'provider-unreachable',
      message: 'No internet.',
      fix: 'Use --provider gallery.',
      stage: 'search' as const,
    };
    expect(runError(aRun({ state: 'failed', error }))).toMatchObject({
      ...error,
      fix: `Use --provider gallery. \`npx graft resume ${RUN_ID}\` tries again from there.`,
      exitCode: 1,
    });
  });

  test('a cancelled run says how to go on', () => {
    expect(runError(aRun({ state: 'cancelled' })).fix).toContain(`graft resume ${RUN_ID}`);
  });
});
