import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectStorage } from '../../config/env.js';

/** The few things Graft asks of object storage. Names are relative to the prefix. */
export interface Bucket {
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** @returns null when there is no such object */
  get(name: string): Promise<Buffer | null>;
  /** @returns its bytes, null when there is no such object */
  sizeOf(name: string): Promise<number | null>;
  /** Sizes in bytes of all objects whose names start so, by name. */
  list(start: string): Promise<Map<string, number>>;
  close(): void;
}

/** A request is tried this often: 5xx, throttling and broken connections pass, and a lost picture does not come back. */
const ATTEMPTS = 6;

/** Credentials come from the SDK's own chain: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine's role. */
export function openBucket({ bucket, prefix, endpoint, region }: ObjectStorage): Bucket {
  const client = new S3Client({
    region,
    maxAttempts: ATTEMPTS,
    // Servers other than Amazon's are addressed by path, and many know no trailing checksums.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const at = (name: string) => ({ Bucket: bucket, Key: prefix + name });
  const opened: Bucket = {
    put: async (name, bytes) => {
      await client.send(new PutObjectCommand({ ...at(name), Body: bytes, ContentLength: bytes.length }));
    },
    get: async (name) => {
      try {
        return await read(client, at(name));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    sizeOf: async (name) => {
      try {
        return (await client.send(new HeadObjectCommand(at(name)))).ContentLength ?? null;
      } catch (error) {
        if (isMissing(error)) return null;
        // An answer to HEAD has no body that says why: the same asked otherwise does, and the SDK mends what it can (a wrong clock).
        if (statusOf(error) === 403) return (await opened.list(name)).get(name) ?? null;
        throw error;
      }
    },
    list: async (start) => {
      const sizes = new Map<string, number>();
      const asked = { Bucket: bucket, Prefix: prefix + start };
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, asked))
        for (const { Key, Size } of Contents) if (Key) sizes.set(Key.slice(prefix.length), Size ?? 0);
      return sizes;
    },
    close: () => client.destroy(),
  };
  return opened;
}

/** The SDK asks again when there is no answer; a body that breaks off, or is too short, it leaves to who reads it. */
async function read(client: S3Client, object: { Bucket: string; Key: string }): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    const { Body, ContentLength } = await client.send(new GetObjectCommand(object));
    const bytes = await Body?.transformToByteArray().catch((error: unknown) => {
      if (attempt === ATTEMPTS) throw error;
      return null;
    });
    if (bytes && (ContentLength === undefined || bytes.length === ContentLength)) return Buffer.from(bytes);
    if (attempt === ATTEMPTS)
      throw new Error(`aborted: the object ${object.Key} broke off ${ATTEMPTS} times.`);
  }
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

const isMissing = (error: unknown): boolean => error instanceof NoSuchKey || statusOf(error) === 404;
