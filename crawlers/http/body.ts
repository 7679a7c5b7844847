import type http from 'node:http';
import { pipeline, type Duplex, type Readable } from 'node:stream';
import zlib from 'node:zlib';
import { BodyBuffer, type Body } from './body-buffer.js';
import { finalFailure, passingFailure, type Failure } from './result.js';
import type { SlabPool } from './slab-pool.js';

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

/** What a reader needs besides the rule. */
export interface BodyContext {
  /** For messages. */
  host: string;
  /** Memory of large bodies, shared by all in flight. */
  slabs: SlabPool;
  /** What the parser said about this connection after the head, `null` while all is well. */
  fault: () => Error | null;
  /** Told while the body waits for memory: that time is ours, not the server's. */
  onHold: (held: boolean) => void;
  signal: AbortSignal;
}

/** Tells a connection that broke from a body that is not HTTP or cannot be unpacked. */
function readFailure(
  message: http.IncomingMessage,
  context: BodyContext,
  received: number,
  error: unknown,
): Failure {
  const { host } = context;
  const { code = '', message: text } = error as NodeJS.ErrnoException;
  const broken = faultFailure(context);
  if (broken) return broken;
  const cutShort = !message.complete || code === 'Z_BUF_ERROR' || code === 'ECONNRESET';
  if (!cutShort) return finalFailure('bad-response', `${host}: the body does not unpack (${text})`);
  const declared = declaredBytes(message);
  const of = declared === null ? '' : ` of ${declared}`;
  return passingFailure('truncated', `${host}: the connection ended after ${received}${of} bytes`);
}

/** Bytes that no HTTP reply has: a chunk without a size, or more than was announced, so that the picture may be cut. */
function faultFailure({ host, fault }: BodyContext): Failure | null {
  const error: NodeJS.ErrnoException | null = fault();
  return error?.code?.startsWith('HPE_') ? finalFailure('bad-response', `${host}: ${error.message}`) : null;
}

const tooLarge = (host: string, maxBytes: number, what: string): Failure =>
  finalFailure('too-large', `${host}: ${what}, the cap is ${maxBytes} bytes`);

class Collector {
  private readonly buffer: BodyBuffer;
  private inspected = false;

  constructor(
    private readonly context: BodyContext,
    private readonly rule: BodyRule,
    announcedBytes: number | null,
  ) {
    this.buffer = new BodyBuffer(context.slabs, announcedBytes, rule.maxBytes);
  }

  get received(): number {
    return this.buffer.length;
  }

  /** Takes a chunk; a failure, or 'full', ends the reading. */
  async take(chunk: Uint8Array): Promise<Failure | 'full' | null> {
    const room = this.rule.maxBytes - this.received;
    const fits = chunk.length <= room;
    if (!fits && this.rule.overflow === 'fail')
      return tooLarge(this.context.host, this.rule.maxBytes, 'the body goes on');
    const wanted = fits ? chunk : chunk.subarray(0, room);
    const reserved = this.buffer.reserve(wanted.length, this.context.signal);
    if (reserved) await this.held(reserved);
    this.buffer.append(wanted);
    return this.inspect() ?? (fits ? null : 'full');
  }

  finish(): Body {
    return this.buffer.finish();
  }

  drop(): void {
    this.buffer.drop();
  }

  private async held(reserved: Promise<void>): Promise<void> {
    this.context.onHold(true);
    try {
      await reserved;
    } finally {
      this.context.onHold(false);
    }
  }

  private inspect(): Failure | null {
    if (this.inspected || this.received < PREFIX_BYTES) return null;
    this.inspected = true;
    return this.rule.inspectPrefix?.(this.buffer.view(PREFIX_BYTES)) ?? null;
  }
}

/**
 * Reads a body under a rule, into memory that all bodies share. Ending early destroys the connection, so nothing more
 * is sent or buffered.
 * @throws what the connection was aborted with, when the signal fired
 */
export async function readBody(
  message: http.IncomingMessage,
  rule: BodyRule,
  context: BodyContext,
): Promise<Body | Failure> {
  const declared = declaredBytes(message);
  if (declared !== null && declared > rule.maxBytes && rule.overflow === 'fail') {
    message.destroy();
    return tooLarge(context.host, rule.maxBytes, `${declared} bytes are announced`);
  }
  const stream = unpacked(message);
  const collector = new Collector(context, rule, stream === message ? declared : null);
  let whole: Body | null = null;
  try {
    for await (const chunk of stream) {
      const verdict = await collector.take(chunk as Uint8Array);
      if (verdict === 'full') break;
      if (verdict) return verdict;
    }
    const fault = faultFailure(context);
    if (fault) return fault;
    whole = collector.finish();
    return whole;
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    return readFailure(message, context, collector.received, error);
  } finally {
    if (!whole) collector.drop();
    message.destroy();
  }
}
