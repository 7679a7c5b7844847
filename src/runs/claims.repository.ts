import { Inject, Injectable } from '@nestjs/common';
import { and, eq, lt } from 'drizzle-orm';
import type { Env } from '../config/env.js';
import type { Database } from '../storage/database.js';
import { DATABASE_NOW, fromNow } from '../storage/database-time.js';
import { claims } from '../storage/schema.js';
import { DATABASE, ENV, INSTANCE, type Instance } from '../storage/tokens.js';

/** Which worker has which share of a stage. */
@Injectable()
export class ClaimsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Takes a share unless a living worker has it (its lease runs out when it says nothing) or it is done. */
  async take(scope: string, item: string): Promise<boolean> {
    const own = { owner: this.instance.id, until: fromNow(this.env.leaseMs) };
    const rows = await this.database.db
      .insert(claims)
      .values({ scope, item, ...own })
      .onConflictDoUpdate({
        target: [claims.scope, claims.item],
        set: own,
        setWhere: and(lt(claims.until, DATABASE_NOW), eq(claims.done, false)),
      })
      .returning({ item: claims.item });
    return rows.length > 0;
  }

  /** Says that this process lives, for all it has. */
  async renew(): Promise<void> {
    await this.database.db
      .update(claims)
      .set({ until: fromNow(this.env.leaseMs) })
      .where(and(eq(claims.owner, this.instance.id), eq(claims.done, false)));
  }

  /** Gives a share back: whatever is left of it, another may take. */
  async giveBack(scope: string, item: string): Promise<void> {
    await this.database.db
      .delete(claims)
      .where(and(eq(claims.scope, scope), eq(claims.item, item), eq(claims.owner, this.instance.id)));
  }

  /** Marks a share as done for good, for stages that leave no record of their own for each item. */
  async finish(scope: string, item: string): Promise<void> {
    await this.database.db
      .update(claims)
      .set({ done: true })
      .where(and(eq(claims.scope, scope), eq(claims.item, item)));
  }

  /** The items of a scope that are done. */
  async doneOf(scope: string): Promise<Set<string>> {
    const rows = await this.database.db
      .select({ item: claims.item })
      .from(claims)
      .where(and(eq(claims.scope, scope), eq(claims.done, true)));
    return new Set(rows.map(({ item }) => item));
  }

  /** Forgets a scope: what is done there has a record elsewhere now. */
  async forget(scope: string): Promise<void> {
    await this.database.db.delete(claims).where(eq(claims.scope, scope));
  }
}
