import { describe, expect, it } from 'vitest';
import { readEnv } from '../../../../src/config/env.js';
import { Accelerator } from '../../../../src/training/compute/accelerator.js';
import { ComputeHost } from '../../../../src/training/compute/compute-host.js';

const envOf = (provider: string) => readEnv({ GRAFT_EXECUTION_PROVIDER: provider }, {});

/** A child that dies, as one does whose driver is broken. */
class DyingHost extends ComputeHost {
  asked = 0;
  override run(): Promise<never> {
    this.asked++;
    return Promise.reject(new Error('the driver took it down'));
  }
}

describe('the execution provider of features', () => {
  it('is the one that was asked for, without a look at any', async () => {
    const host = new DyingHost();
    expect(await new Accelerator(host, envOf('cuda')).provider()).toBe('cuda');
    expect(host.asked).toBe(0);
    expect(() => envOf('abacus')).toThrow(/GRAFT_EXECUTION_PROVIDER/);
  });

  it('is the CPU where looking for a GPU fails, and that is found out once', async () => {
    const host = new DyingHost();
    const accelerator = new Accelerator(host, envOf('auto'));
    expect([await accelerator.provider(), await accelerator.provider()]).toEqual(['cpu', 'cpu']);
    expect(host.asked).toBeLessThanOrEqual(1);
  });

  it('is looked for in a child process, by an inference on each', async () => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const probes = await new ComputeHost().run({ kind: 'providers' }, options);
    expect(probes.find(({ provider }) => provider === 'cpu')).toMatchObject({ works: true, reason: null });
  });
});
