import { availableParallelism } from 'node:os';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Decorator metadata needs SWC (esbuild drops it); forks, because typed arrays break across realms in native runtimes.
const plugins = [swc.vite({ module: { type: 'es6' } })];

/** Files that wait for most of their time: begun last, as small files are, they would run alone for minutes. */
const LONG = ['tests/e2e/crawl-crash.test.ts', 'tests/e2e/cli.test.ts'];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some((file) => moduleId.endsWith(file));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const project = (name: string, extra: Record<string, unknown> = {}) => ({
  plugins,
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    pool: 'forks' as const,
    // By default one core is left free, which on two cores means one file after the other; half of the tests wait for disk and sockets.
    maxWorkers: availableParallelism(),
    restoreMocks: true,
    setupFiles: ['tests/support/no-network.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    ...extra,
  },
});

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      project('unit', { isolate: false }),
      project('contract'),
      project('integration', { testTimeout: 180_000 }),
      // Whole services, browsers and killed processes: after the rest, so that they have the machine to themselves.
      project('e2e', { testTimeout: 600_000, sequence: { groupOrder: 1 } }),
    ],
  },
});
