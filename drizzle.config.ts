import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/storage/schema.ts',
    './src/storage/evidence-schema.ts',
    './src/storage/freshness-schema.ts',
    './src/storage/operations-schema.ts',
    './src/storage/texts-schema.ts',
  ],
  out: './src/storage/migrations',
});
