import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The font is asked for with the page, not after its style sheet, so that the first paint has it. */
const preloadFont: Plugin = {
  name: 'graft-preload-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => file.endsWith('.woff2'))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: '' },
          injectTo: 'head-prepend' as const,
        })),
  },
};

/** `npm run dev:web` serves the sources and passes the API on to a service on the usual port. */
export default defineConfig({
  root: here('.'),
  plugins: [react(), preloadFont],
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // Small assets as files, too: the content security policy allows no data: scripts or fonts.
    assetsInlineLimit: 0,
  },
});
