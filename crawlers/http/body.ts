import type http from 'node:http';
import { pipeline, type Duplex, type Readable } from 'node:stream';
import zlib from 'node:zlib';
import { finalFailure, passingFailure, type Failure } from './result.js';

/** How much of a body is wanted. */
export interface BodyRule {
  maxBytes: number;
  /** What a longer body means: a failure, or its first `maxBytes` bytes are enough. */
  overflow: 'fail' | 'cut';
  /** Looks at the first bytes (up to `PREFIX_BYTES`) and may end the download early. */
  inspectPrefix?: (prefix: Uint8Array) => Failure | null;
}

/** Enough for every magic number, and for the start of an SVG after its comment. */
export const PREFIX_BYTES = 4096;

const UNPACKERS: ReadonlyMap<string, () => Duplex> = new Map<string, () => Duplex>([
  ['gzip', () => zlib.createGunzip()],
  ['x-gzip', () => zlib.createGunzip()],
  ['deflate', () => zlib.createInflate()],
  ['br', () => zlib.createBrotliDecompress()],
]);

/** The body unpacked, chunk by chunk with back-pressure, so that a bomb is never larger in memory than one chunk. */
function unpacked(message: http.IncomingMessage): Readable {
  const unpacker = UNPACKERS.get(message.headers['content-encoding']?.trim().toLowerCase() ?? '');
  if (!unpacker) return message;
  // The error reaches the reader through the unpacker, which pipeline destroys with it.
  return pipeline(message, unpacker(), () => undefined);
}

function declaredBytes(message: http.IncomingMessage): number | null {
  const text = message.headers['content-length'];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/** Tells a connection that broke from a body that cannot be unpacked. */
function readFailure(message: http.IncomingMessage, host: string, received: number, error: unknown): Failure {
  const { code = '', message: text } = error as NodeJS.ErrnoException;
  const cutShort = !message.complete || code === 'Z_BUF_ERROR' || code === 'ECONNRESET';
  if (!cutShort) return finalFailure('bad-response', `${host}: the body does not unpack (${text})`);
  const declared = declaredBytes(message);
  const of = declared === null ? '' : ` of ${declared}`;
  return passingFailure('truncated', `${host}: the connection ended after ${received}${of} bytes`);
}

const tooLarge = (host: string, maxBytes: number, what: string): Failure =>
  finalFailure('too-large', `${host}: ${what}, the cap is ${maxBytes} bytes`);

class Collector {
  private readonly chunks: Uint8Array[] = [];
  private inspected = false;
  received = 0;

  constructor(
    private readonly host: string,
    private readonly rule: BodyRule,
  ) {}

  /** Takes a chunk; a failure, or 'full', ends the reading. */
  take(chunk: Uint8Array): Failure | 'full' | null {
    const room = this.rule.maxBytes - this.received;
    const fits = chunk.length <= room;
    if (!fits && this.rule.overflow === 'fail')
      return tooLarge(this.host, this.rule.maxBytes, 'the body goes on');
    this.chunks.push(fits ? chunk : chunk.subarray(0, room));
    this.received += Math.min(chunk.length, room);
    return this.inspect() ?? (fits ? null : 'full');
  }

  bytes(): Uint8Array {
    return this.chunks.length === 1 && this.chunks[0]
      ? this.chunks[0]
      : Buffer.concat(this.chunks, this.received);
  }

  private inspect(): Failure | null {
    if (this.inspected || this.received < PREFIX_BYTES) return null;
    this.inspected = true;
    return this.rule.inspectPrefix?.(this.bytes().subarray(0, PREFIX_BYTES)) ?? null;
  }
}

/**
 * Reads a body under a rule. Ending early destroys the connection, so nothing more is sent or buffered.
 * @throws what the connection was aborted with, when `signal` fired
 */
export async function readBody(
  message: http.IncomingMessage,
  rule: BodyRule,
  host: string,
  signal: AbortSignal,
): Promise<Uint8Array | Failure> {
  const declared = declaredBytes(message);
  if (declared !== null && declared > rule.maxBytes && rule.overflow === 'fail') {
    message.destroy();
    return tooLarge(host, rule.maxBytes, `${declared} bytes are announced`);
  }
  const collector = new Collector(host, rule);
  try {
    for await (const chunk of unpacked(message)) {
      const verdict = collector.take(chunk as Uint8Array);
      if (verdict === 'full') break;
      if (verdict) return verdict;
    }
    return collector.bytes();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return readFailure(message, host, collector.received, error);
  } finally {
    message.destroy();
  }
}
