import { sql, type SQL } from 'drizzle-orm';

/**
 * The clock of the database. Leases are told by it alone: workers on other machines have clocks of their own, and those jump.
 */
export const DATABASE_NOW = sql`now()`;

/** Some milliseconds from now, by the database's clock. */
export const fromNow = (ms: number): SQL => sql`now() + ${ms} * interval '1 millisecond'`;
