import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderDiagnosis } from '../../../../../src/cli/commands/doctor.js';
import { ok, runCheck, type Check } from '../../../../../src/cli/doctor/check.js';
import { judgeNode, machineChecks } from '../../../../../src/cli/doctor/machine.js';
import { judgeChoice, judgeProvider } from '../../../../../src/cli/doctor/zoo.js';
import { readEnv } from '../../../../../src/config/env.js';
import { holdDataFolder } from '../../../../../src/storage/data-folder.js';
import { tempFolder } from '../temp-folder.js';

const folderCheck = machineChecks.find(({ id }) => id === 'data-folder') as Check;
const examine = (dataDir: string) => runCheck(folderCheck, readEnv({ GRAFT_DATA_DIR: dataDir }));

describe('doctor', () => {
  test('Node from 20.19 on', () => {
    expect(['20.19.0', '20.20.2', '22.0.0'].map((version) => judgeNode(version).status)).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    expect(judgeNode('20.18.3')).toMatchObject({ status: 'error', fix: expect.stringContaining('20.19') });
    expect(judgeNode('18.20.0').status).toBe('error');
  });

  test('only the CPU has to work', () => {
    const broken = { works: false, latencyMs: null, reason: 'no such device\n at somewhere' };
    expect(judgeProvider({ provider: 'cpu', ...broken }).status).toBe('error');
    const cuda = judgeProvider({ provider: 'cuda', ...broken });
    expect(cuda).toMatchObject({
      status: 'warning',
      detail: 'cuda does not work: no such device',
      fix: expect.stringContaining('NVIDIA'),
    });
    expect(judgeProvider({ provider: 'cpu', works: true, latencyMs: 1.234, reason: null }).detail).toContain(
      '1.23 ms',
    );
  });

  test('what features are computed on is named', () => {
    expect(judgeChoice('auto', 'cuda')).toMatchObject({
      status: 'ok',
      detail: expect.stringContaining('on cuda'),
    });
    expect(judgeChoice('cuda', 'cpu')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('the fastest that is right is cpu'),
    });
  });

  test('a data folder need not exist yet, is not made, and tells who holds it', async () => {
    const folder = tempFolder();
    const findings = await examine(join(folder, 'not', 'yet'));
    expect(findings.map(({ status }) => status)).toEqual(['ok', 'ok']);
    expect(findings[1]?.detail).toMatch(/held by nobody/);
    const held = await holdDataFolder(folder, () => new Date());
    expect((await examine(folder))[1]?.detail).toContain(`held by process ${process.pid}`);
    await held.release();
  });

  test('a data folder that is a file is an error with a remedy', async () => {
    const [finding] = await examine(join(tempFolder({ file: 'x' }), 'file'));
    expect(finding).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('is a file'),
      fix: expect.stringContaining('--data-dir'),
    });
  });

  test('a check that breaks is a finding, not the end', async () => {
    const check: Check = {
      id: 'x',
      title: 'X',
      onFailure: { status: 'warning', fix: 'Do this.' },
      run: () => Promise.reject(new Error('broken\nin many lines')),
    };
    expect(await runCheck(check, readEnv())).toEqual([
      { id: 'x', title: 'X', status: 'warning', detail: 'broken', fix: 'Do this.' },
    ]);
    expect(await runCheck({ ...check, run: () => Promise.resolve(ok('fine')) }, readEnv())).toMatchObject([
      { status: 'ok' },
    ]);
  });

  test('a finding is one line, its remedy a second one', () => {
    const finding = {
      id: 'x',
      title: 'Chromium',
      status: 'warning' as const,
      detail: 'not found',
      fix: 'Install it.',
    };
    expect(renderDiagnosis(finding)).toMatch(/^! Chromium +not found\n +Install it\.$/);
    expect(renderDiagnosis({ ...finding, fix: null })).not.toContain('\n');
  });
});
