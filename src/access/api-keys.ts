import { Inject, Injectable } from '@nestjs/common';
import { and, count, desc, eq, gt, isNull, or } from 'drizzle-orm';
import type { CreatedKey, CreateKey, KeyView } from '../http/api/access.js';
import { GraftError, notFound } from '../runs/errors.js';
import type { Database } from '../storage/database.js';
import { apiKeys } from '../storage/operations-schema.js';
import { CLOCK, DATABASE, type Clock } from '../storage/tokens.js';
import type { Identity } from './actor.js';
import { hashOf, isKey, newKey } from './key.js';

type KeyRow = typeof apiKeys.$inferSelect;

const SHOWN = 12;
/** How long a key that was looked up is believed; on other machines a revoked one may live so long. */
const BELIEVED_MS = 5000;
const MINUTE_MS = 60_000;

/** The keys of the API. Only hashes are kept. */
@Injectable()
export class ApiKeys {
  private readonly believed = new Map<string, { identity: Identity; untilMs: number }>();
  /** Hash of the key in the data folder, that the command line of this machine uses. */
  private localHash: string | null = null;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes the key of the data folder: whoever can read that folder needs no other. */
  acceptLocal(key: string): void {
    this.localHash = hashOf(key);
  }

  async create({ name, scopes, expiresAt }: CreateKey): Promise<CreatedKey> {
    const now = this.clock.now();
    const expires = expiresAt === null ? null : new Date(expiresAt);
    if (expires && expires <= now) throw expired();
    const key = newKey();
    const [row] = await this.database.db
      .insert(apiKeys)
      .values({
        name,
        start: key.slice(0, SHOWN),
        hash: hashOf(key),
        scopes: [...new Set(scopes)],
        createdAt: now,
        expiresAt: expires,
      })
      .returning();
    return { ...toView(row as KeyRow), key };
  }

  async list(): Promise<KeyView[]> {
    const rows = await this.database.db.select().from(apiKeys).orderBy(desc(apiKeys.createdAt));
    return rows.map(toView);
  }

  /** A revoked key stays on the list, for the audit log names it. */
  async revoke(id: string): Promise<KeyView> {
    const [row] = await this.database.db
      .update(apiKeys)
      .set({ revokedAt: this.clock.now() })
      .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      .returning();
    if (!row) throw notFound('key in use', id, 'GET /api/keys lists them.');
    this.believed.delete(row.hash);
    return toView(row);
  }

  async anyUsable(): Promise<boolean> {
    const [row] = await this.database.db.select({ keys: count() }).from(apiKeys).where(this.usable());
    return (row?.keys ?? 0) > 0;
  }

  /** Who a key belongs to, or null for one that is unknown, revoked or expired. */
  async identify(key: string): Promise<Identity | null> {
    if (!isKey(key)) return null;
    const hash = hashOf(key);
    if (hash === this.localHash) return { name: 'command line', scopes: ['admin'] };
    const nowMs = this.clock.now().getTime();
    const known = this.believed.get(hash);
    if (known && known.untilMs > nowMs) return known.identity;
    this.believed.delete(hash);
    const [row] = await this.database.db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.hash, hash), this.usable()));
    if (!row) return null;
    await this.markUsed(row);
    const identity: Identity = { name: row.name, scopes: row.scopes };
    this.believed.set(hash, { identity, untilMs: nowMs + BELIEVED_MS });
    return identity;
  }

  private async markUsed({ id, lastUsedAt }: KeyRow): Promise<void> {
    const now = this.clock.now();
    if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < MINUTE_MS) return;
    await this.database.db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id));
  }

  private usable() {
    const fresh = or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, this.clock.now()));
    return and(isNull(apiKeys.revokedAt), fresh);
  }
}

const toView = (row: KeyRow): KeyView => ({
  id: row.id,
  name: row.name,
  start: row.start,
  scopes: row.scopes,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
});

const expired = (): GraftError =>
  new GraftError({
    code: 'expired-key',
    message: 'The key would have expired before it was made.',
    fix: 'Give a time in the future, or none.',
  });
