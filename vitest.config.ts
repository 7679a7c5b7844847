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
      project('e2e', { testTimeout: 600_000, fileParallelism: false }),
    ],
  },
});
