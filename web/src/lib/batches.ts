const MAX_FILES = 100;
const MAX_BYTES = 32 * 1024 * 1024;

/** Files in parts that one request takes; a file that is larger than a part goes alone. */
export function inBatches<T>(files: readonly T[], bytesOf: (file: T) => number): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const file of files) {
    const current = batches.at(-1);
    const size = bytesOf(file);
    if (!current || current.length >= MAX_FILES || bytes + size > MAX_BYTES) {
      batches.push([file]);
      bytes = size;
    } else {
      current.push(file);
      bytes += size;
    }
  }
  return batches;
}
