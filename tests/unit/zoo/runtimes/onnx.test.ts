import { describe, expect, it } from 'vitest';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { openSession, probeProviders, RuntimeError } from '../../../../zoo/index.js';
import { NetworkWriter } from '../graph/small-networks.js';

const bytes = (): Uint8Array => {
  const net = new NetworkWriter();
  return writeModel(net.model(net.block('x', 'a', [3, 8]), net.classifier('a', 8)));
};

const x = { type: 'float32' as const, dims: [1, 3, 16, 16], data: new Float32Array(3 * 256).fill(1) };

describe('openSession', () => {
  it('runs all outputs or those asked for', async () => {
    const session = await openSession(bytes(), { threads: 1 });
    expect(session.inputs).toEqual(['x']);
    expect(Object.keys(await session.run({ x }))).toEqual(['a', 'scores']);
    expect(Object.keys(await session.run({ x }, ['scores']))).toEqual(['scores']);
    expect(await session.shapes({ x })).toEqual({ a: [1, 8, 16, 16], scores: [1, 5] });
    await session.close();
  });

  it('gives the same without optimisation', async () => {
    const results = await Promise.all(
      (['none', 'all'] as const).map(async (optimise) => {
        const session = await openSession(bytes(), { optimise });
        const { scores } = await session.run({ x });
        await session.close();
        return [...(scores?.data ?? [])].map(Number);
      }),
    );
    results[0]?.forEach((value, i) => expect(results[1]?.[i]).toBeCloseTo(value, 6));
  });

  it('says what is wrong', async () => {
    await expect(openSession(Buffer.from('no model'))).rejects.toThrow(RuntimeError);
    await expect(openSession(bytes(), { providers: ['nonsense'] })).rejects.toThrow(
      /could not be opened on nonsense/,
    );
    const session = await openSession(bytes());
    await expect(session.run({ x: { ...x, dims: [3, 1, 16, 16] } })).rejects.toThrow(RuntimeError);
    await session.close();
  });
});

describe('probeProviders', () => {
  it('finds that the CPU works, and says of each provider either how fast it is or why it is not', async () => {
    let clock = 0;
    const probes = await probeProviders(() => (clock += 2));
    expect(probes.find((probe) => probe.provider === 'cpu')).toEqual({
      provider: 'cpu',
      bundled: true,
      works: true,
      latencyMs: 2,
      reason: null,
    });
    for (const { works, latencyMs, reason } of probes) {
      expect(works).toBe(latencyMs !== null);
      expect(works).toBe(reason === null);
    }
  });
});
