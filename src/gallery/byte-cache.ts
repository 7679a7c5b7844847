/** Least recently used first out; bounded by the bytes it holds, not by their number. */
export class ByteCache {
  private readonly entries = new Map<string, Buffer>();
  private heldBytes = 0;

  constructor(private readonly maxBytes: number) {}

  get sizeBytes(): number {
    return this.heldBytes;
  }

  get(key: string): Buffer | undefined {
    const bytes = this.entries.get(key);
    // A Map keeps the order of insertion: putting an entry back makes it the youngest.
    if (bytes && this.entries.delete(key)) this.entries.set(key, bytes);
    return bytes;
  }

  set(key: string, bytes: Buffer): void {
    this.delete(key);
    if (bytes.length > this.maxBytes) return;
    this.entries.set(key, bytes);
    this.heldBytes += bytes.length;
    for (const oldest of this.entries.keys()) {
      if (this.heldBytes <= this.maxBytes) return;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    this.heldBytes -= this.entries.get(key)?.length ?? 0;
    this.entries.delete(key);
  }
}
