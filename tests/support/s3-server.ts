import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStorage } from '../../src/config/env.js';

/** The parts of s3rver that are used; it brings no types. */
interface S3rver {
  new (options: {
    port: number;
    address: string;
    silent: boolean;
    directory: string;
    configureBuckets: readonly { name: string; configs: readonly string[] }[];
  }): { run(): Promise<AddressInfo>; close(): Promise<void>; httpServer: Server };
}

const BUCKET = 'graft-test';
/** What s3rver takes for credentials. */
export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

/** A real S3-compatible server on loopback with one empty bucket. */
export async function startS3(prefix = ''): Promise<{
  readonly storage: ObjectStorage;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}> {
  const Server = createRequire(import.meta.url)('s3rver') as S3rver;
  const directory = await mkdtemp(join(tmpdir(), 'graft-s3-'));
  const server = new Server({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    storage: { bucket: BUCKET, prefix, endpoint, region: 'us-east-1' },
    env: { ...S3_CREDENTIALS, GRAFT_BLOBS: `s3://${BUCKET}/${prefix}`, GRAFT_S3_ENDPOINT: endpoint },
    close: async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
