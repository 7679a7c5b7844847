import { Inject, Injectable } from '@nestjs/common';
import { and, eq, inArray, lt, or } from 'drizzle-orm';
import type { Env } from '../config/env.js';
import type { Database } from '../storage/database.js';
import { DATABASE_NOW, fromNow } from '../storage/database-time.js';
import { claims } from '../storage/schema.js';
import { DATABASE, ENV, INSTANCE, type Instance } from '../storage/tokens.js';

/** A share of a stage. */
export interface Claim {
  readonly scope: string;
  readonly item: string;
}

/** Which worker has which share of a stage. */
@Injectable()
export class ClaimsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Takes a share unless another living worker has it (its lease runs out when it says nothing) or it is done. This worker's own
   * claim is no hindrance: its taking or giving back was cut off from the database, so the caller knows better what is in hand.
   */
  async take({ scope, item }: Claim): Promise<boolean> {
    const own = { owner: this.instance.id, until: fromNow(this.env.leaseMs) };
    const rows = await this.database.db
      .insert(claims)
      .values({ scope, item, ...own })
      .onConflictDoUpdate({
        target: [claims.scope, claims.item],
        set: own,
        setWhere: and(
          or(lt(claims.until, DATABASE_NOW), eq(claims.owner, this.instance.id)),
          eq(claims.done, false),
        ),
      })
      .returning({ item: claims.item });
    return rows.length > 0;
  }

  /** Says that this process lives, for what it has in hand: a claim that it does not know of must run out. */
  async renew(inHand: readonly Claim[]): Promise<void> {
    const own = and(eq(claims.owner, this.instance.id), eq(claims.done, false));
    for (const scope of new Set(inHand.map((claim) => claim.scope))) {
      const items = inHand.filter((claim) => claim.scope === scope).map(({ item }) => item);
      await this.database.db
        .update(claims)
        .set({ until: fromNow(this.env.leaseMs) })
        .where(and(own, eq(claims.scope, scope), inArray(claims.item, items)));
    }
  }

  /** Gives a share back: whatever is left of it, another may take. */
  async giveBack({ scope, item }: Claim): Promise<void> {
    await this.database.db
      .delete(claims)
      .where(and(eq(claims.scope, scope), eq(claims.item, item), eq(claims.owner, this.instance.id)));
  }

  /** Marks a share as done for good, for stages that leave no record of their own for each item. */
  async finish({ scope, item }: Claim): Promise<void> {
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
