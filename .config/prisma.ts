import { defineConfig } from 'prisma/config';

// `prisma generate` refuses to start without a schema-engine binary although it never runs one.
// Pointing it at a file that always exists keeps it from downloading.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: '../prisma/schema.prisma',
  migrations: { path: '../prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
