import { availableParallelism } from 'node:os';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

// Decorator metadata needs SWC (esbuild drops it); forks, because typed arrays break across realms in native runtimes.
const plugins = [swc.vite({ module: { type: 'es6' } })];

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
    projects: [
      project('unit'),
      project('contract'),
      project('integration', { testTimeout: 180_000 }),
      // Whole services, browsers and killed processes: after the rest, so that they have the machine to themselves.
      project('e2e', { testTimeout: 600_000, sequence: { groupOrder: 1 } }),
    ],
  },
});
