import { describe, expect, it } from 'vitest';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import {
  fastestProvider,
  openSession,
  probeProviders,
  RuntimeError,
  type OnnxSession,
  type ProviderProbe,
  type TensorValue,
} from '../../../../zoo/index.js';
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
    const probes = await probeProviders({ now: () => (clock += 2) });
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

  /** Every provider is the CPU, but for one that computes something else. */
  const withWrong = (wrong: string, by: number): Promise<ProviderProbe[]> =>
    probeProviders({
      open: async (model, { providers = [] } = {}): Promise<OnnxSession> => {
        const session = await openSession(model);
        if (!providers.includes(wrong)) return session;
        const run: OnnxSession['run'] = async (feeds) => {
          const { y } = await session.run(feeds);
          const data = Float32Array.from(y?.data as Float32Array, (value, at) =>
            at === 5 ? value + by : value,
          );
          return { y: { ...y, data } as TensorValue };
        };
        return { ...session, run };
      },
    });

  it('lets rounding pass and nothing else', async () => {
    const another = (await probeProviders()).find(({ provider }) => provider !== 'cpu')?.provider;
    if (another === undefined) return console.warn('SKIPPED: this runtime knows the CPU alone');
    const of = (probes: ProviderProbe[]) => probes.find(({ provider }) => provider === another);
    expect(of(await withWrong(another, 1e-4))).toMatchObject({ works: true, reason: null });
    expect(of(await withWrong(another, 5))).toMatchObject({ works: false, latencyMs: null });
    expect(of(await withWrong(another, Number.NaN))?.reason).toMatch(/computes wrongly/);
  });
});

describe('the provider that is taken', () => {
  const probe = (provider: string, latencyMs: number | null): ProviderProbe => ({
    provider,
    bundled: true,
    works: latencyMs !== null,
    latencyMs,
    reason: latencyMs === null ? 'broken' : null,
  });

  it('is the fastest right one, and the CPU where nothing else saves a good deal', () => {
    expect(fastestProvider([probe('cpu', 10), probe('webgpu', 4), probe('cuda', 1)])).toBe('cuda');
    expect(fastestProvider([probe('cpu', 10), probe('webgpu', 4), probe('cuda', null)])).toBe('webgpu');
    expect(fastestProvider([probe('cpu', 10), probe('webgpu', 9)])).toBe('cpu');
    expect(fastestProvider([probe('cpu', 10), probe('cuda', null)])).toBe('cpu');
    expect(fastestProvider([])).toBe('cpu');
  });

  it('is never TensorRT unasked', () => {
    expect(fastestProvider([probe('cpu', 10), probe('tensorrt', 1), probe('cuda', 2)])).toBe('cuda');
  });
});
