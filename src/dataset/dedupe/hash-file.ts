import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { View } from '../inspect/measure-pixels.js';
import { OVERLAY_CELLS } from '../inspect/overlay.js';

/** What finding duplicates needs of a picture's measures. */
export interface HashRecord {
  /** UUID of the candidate. */
  readonly id: string;
  readonly flatShare: number;
  readonly whole: View;
  readonly inner: View | null;
  readonly inFrame: View | null;
  /** See `overlaySignature`; null for pictures that an older version inspected. */
  readonly overlay: string | null;
}

/** Says which file this is, and how its records are laid out. */
const MAGIC = Buffer.from('grafthash2\n\0');
/** Bytes of the records of a block, and their CRC-32. */
const BLOCK_HEAD = 8;
const ID_BYTES = 16;
const HASH_BYTES = 8;
const TURNS_BYTES = 112;
const DETAIL_BYTES = 304;
const VIEW_BYTES = 2 * HASH_BYTES + TURNS_BYTES + DETAIL_BYTES;
const OVERLAY_BYTES = OVERLAY_CELLS / 4;
const FLAGS_AT = ID_BYTES + 8;
/** Id, flat share, what the record holds, and the overlay. */
const RECORD_HEAD = FLAGS_AT + 1 + OVERLAY_BYTES;
const [HAS_INNER, WHOLE_LACKS_TURNS, INNER_LACKS_TURNS, LACKS_OVERLAY, HAS_IN_FRAME] = [1, 2, 4, 8, 16];
/** Where each view of a record lies in it, and where the record ends. */
function layoutOf(flags: number): { inner: number; inFrame: number; end: number } {
  const inner = RECORD_HEAD + VIEW_BYTES;
  const inFrame = inner + (flags & HAS_INNER ? VIEW_BYTES : 0);
  return { inner, inFrame, end: inFrame + (flags & HAS_IN_FRAME ? VIEW_BYTES : 0) };
}

function writeView(out: Buffer, at: number, { phash, dhash, turns, detail }: View): void {
  out.write(phash, at, 'hex');
  out.write(dhash, at + HASH_BYTES, 'hex');
  out.write(turns ?? '', at + 2 * HASH_BYTES, 'hex');
  out.write(detail, at + VIEW_BYTES - DETAIL_BYTES, 'base64');
}

function readView(from: Buffer, at: number, hasTurns: boolean): View {
  const turnsAt = at + 2 * HASH_BYTES;
  return {
    phash: from.toString('hex', at, at + HASH_BYTES),
    dhash: from.toString('hex', at + HASH_BYTES, turnsAt),
    detail: from.toString('base64', at + VIEW_BYTES - DETAIL_BYTES, at + VIEW_BYTES),
    ...(hasTurns ? { turns: from.toString('hex', turnsAt, turnsAt + TURNS_BYTES) } : {}),
  };
}

function writeRecord({ id, flatShare, whole, inner, inFrame, overlay }: HashRecord): Buffer {
  const flags =
    (inner ? HAS_INNER : 0) |
    (whole.turns ? 0 : WHOLE_LACKS_TURNS) |
    (overlay ? 0 : LACKS_OVERLAY) |
    (inner && !inner.turns ? INNER_LACKS_TURNS : 0) |
    (inFrame ? HAS_IN_FRAME : 0);
  const layout = layoutOf(flags);
  const out = Buffer.alloc(layout.end);
  out.write(id.replaceAll('-', ''), 0, 'hex');
  out.writeDoubleLE(flatShare, ID_BYTES);
  out.writeUInt8(flags, FLAGS_AT);
  out.write(overlay ?? '', FLAGS_AT + 1, 'base64');
  writeView(out, RECORD_HEAD, whole);
  if (inner) writeView(out, layout.inner, inner);
  if (inFrame) writeView(out, layout.inFrame, inFrame);
  return out;
}

const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');

function readRecords(block: Buffer, records: Map<string, HashRecord>): void {
  for (let at = 0; at < block.length;) {
    const flags = block.readUInt8(at + FLAGS_AT);
    const layout = layoutOf(flags);
    const id = dashed(block.toString('hex', at, at + ID_BYTES));
    records.set(id, {
      id,
      flatShare: block.readDoubleLE(at + ID_BYTES),
      whole: readView(block, at + RECORD_HEAD, !(flags & WHOLE_LACKS_TURNS)),
      overlay: flags & LACKS_OVERLAY ? null : block.toString('base64', at + FLAGS_AT + 1, at + RECORD_HEAD),
      inner: flags & HAS_INNER ? readView(block, at + layout.inner, !(flags & INNER_LACKS_TURNS)) : null,
      inFrame: flags & HAS_IN_FRAME ? readView(block, at + layout.inFrame, true) : null,
    });
    at += layout.end;
  }
}

/** A larger length is damage, not a block. */
const MAX_BLOCK = 64 * 1024 * 1024;

/** Reads the block at a place; null where there is none that is whole. */
async function readBlock(file: FileHandle, at: number): Promise<Buffer | null> {
  const head = Buffer.alloc(BLOCK_HEAD);
  if ((await file.read(head, 0, BLOCK_HEAD, at)).bytesRead < BLOCK_HEAD) return null;
  const length = head.readUInt32LE(0);
  if (length === 0 || length > MAX_BLOCK) return null;
  const block = Buffer.alloc(length);
  if ((await file.read(block, 0, length, at + BLOCK_HEAD)).bytesRead < length) return null;
  return crc32(block) === head.readUInt32LE(4) ? block : null;
}

/**
 * The hashes of a run's pictures, on disk beside it: only ever appended to, in blocks that carry their checksum. What a crash or
 * a bad disk has spoilt is cut off when the file is opened; whoever needs those pictures appends them again.
 */
export class HashFile {
  readonly records = new Map<string, HashRecord>();

  private constructor(
    private readonly file: FileHandle,
    private end: number,
  ) {}

  static async open(path: string): Promise<HashFile> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a+').then(async (made) => {
      await made.close();
      return open(path, 'r+');
    });
    const opened = new HashFile(file, MAGIC.length);
    await opened.load();
    return opened;
  }

  private async load(): Promise<void> {
    const magic = Buffer.alloc(MAGIC.length);
    await this.file.read(magic, 0, magic.length, 0);
    if (magic.equals(MAGIC)) {
      for (
        let block = await readBlock(this.file, this.end);
        block;
        block = await readBlock(this.file, this.end)
      ) {
        readRecords(block, this.records);
        this.end += BLOCK_HEAD + block.length;
      }
    } else await this.file.write(MAGIC, 0, MAGIC.length, 0);
    await this.file.truncate(this.end);
  }

  /** Adds records as one block, and waits until the disk has it. */
  async append(records: readonly HashRecord[]): Promise<void> {
    if (records.length === 0) return;
    const block = Buffer.concat(records.map(writeRecord));
    const head = Buffer.alloc(BLOCK_HEAD);
    head.writeUInt32LE(block.length, 0);
    head.writeUInt32LE(crc32(block), 4);
    await this.file.write(Buffer.concat([head, block]), 0, BLOCK_HEAD + block.length, this.end);
    await this.file.datasync();
    this.end += BLOCK_HEAD + block.length;
    for (const record of records) this.records.set(record.id, record);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
