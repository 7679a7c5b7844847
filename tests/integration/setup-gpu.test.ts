import { spawn } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../src/config/version.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SCRIPT = join(projectRoot(), 'scripts', 'setup-gpu.mjs');
/** What a machine without internet sees, also in the processes that the script starts. */
const OFFLINE = `--require ${join(projectRoot(), 'tests', 'fixtures', 'no-internet.cjs')}`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function setUp(flags: readonly string[], path: string): Promise<Ended> {
  const env = { ...process.env, PATH: path, NODE_OPTIONS: OFFLINE };
  const child = spawn(process.execPath, [SCRIPT, ...flags], { env });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('npm run setup:gpu', () => {
  let bin: string;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const folder = await temporaryFolder();
    remove = folder.remove;
    bin = join(folder.path, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'nvidia-smi'), '#!/bin/sh\necho "NVIDIA X1, 550.1, 8192 MiB"\n');
    await chmod(join(bin, 'nvidia-smi'), 0o755);
  });
  afterAll(() => remove());

  it('ends at once where no driver answers, and says so', async () => {
    const { code, stdout, stderr } = await setUp([], '/nowhere');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('nothing was changed');
    expect(stderr).toContain('Install the driver');
  });

  it('says what it would do', async () => {
    const { code, stdout } = await setUp(['--dry-run'], `${bin}:/bin`);
    expect(code).toBe(0);
    expect(stdout).toContain('NVIDIA X1, 550.1, 8192 MiB');
    expect(stdout).toMatch(/Would fetch .*\n +ONNXRUNTIME_NODE_INSTALL=true .*install\.js/);
    expect(stdout).toMatch(/npm install --no-save .*@tensorflow\/tfjs-node-gpu@\^4/);
    const without = await setUp(['--dry-run', '--no-tensorflow', '--force'], '/nowhere');
    expect(without.stdout).not.toContain('tensorflow');
    expect(without.stdout).toContain('ONNXRUNTIME_NODE_INSTALL');
  });

  it('says what could not be fetched without a way to the internet', async () => {
    const { code, stdout, stderr } = await setUp(['--no-tensorflow'], `${bin}:/bin`);
    expect(code).toBe(1);
    expect(stdout).toContain('Fetching');
    expect(stderr).toContain("Could not be fetched: ONNX Runtime's CUDA provider");
    expect(stderr).toContain('HTTPS_PROXY');
  });
});
