/** Rows an insert statement takes at once; PostgreSQL allows 65,535 values in one. */
const INSERT_ROWS = 500;

/** Inserts many rows, a part at a time. */
export async function insertInParts<T>(
  rows: readonly T[],
  insert: (part: T[]) => PromiseLike<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += INSERT_ROWS)
    await insert(rows.slice(start, start + INSERT_ROWS));
}
