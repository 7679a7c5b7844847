import { Inject, Injectable, Logger } from '@nestjs/common';
import { count, desc } from 'drizzle-orm';
import type { Request, Response } from 'express';
import { auditPageSchema, type AuditEntry } from '../http/api/access.js';
import { routeOf } from '../http/route-of.js';
import { requestIdOf } from '../http/request-id.js';
import { storable } from '../http/storable-text.pipe.js';
import type { Database } from '../storage/database.js';
import { auditLog } from '../storage/operations-schema.js';
import { CLOCK, DATABASE, type Clock } from '../storage/tokens.js';
import type { z } from 'zod';
import { identityOf } from './actor.js';
import { redactKeys } from './key.js';

const MAX_TARGET = 200;

/** Who did what that needs `admin`. Bodies are not kept: they may hold secrets. */
@Injectable()
export class AuditLog {
  private readonly log = new Logger('Audit');

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Writes the act down once it has been answered. */
  follow(request: Request, response: Response): void {
    response.once('finish', () => {
      this.add(request, response.statusCode).catch((error: unknown) => this.log.error(error));
    });
  }

  async page({ offset, limit }: { offset: number; limit: number }): Promise<z.infer<typeof auditPageSchema>> {
    const { db } = this.database;
    const [counted] = await db.select({ total: count() }).from(auditLog);
    const rows = await db
      .select()
      .from(auditLog)
      .orderBy(desc(auditLog.position))
      .offset(offset)
      .limit(limit);
    const items = rows.map(({ position: _, at, ...row }): AuditEntry => ({ ...row, at: at.toISOString() }));
    return { total: counted?.total ?? 0, offset, items };
  }

  private async add(request: Request, status: number): Promise<void> {
    const { method, params, ip } = request;
    const target = Object.entries(params).map(([name, value]) => [name, toKeep(String(value))]);
    await this.database.db.insert(auditLog).values({
      at: this.clock.now(),
      actor: identityOf(request)?.name ?? 'nobody',
      action: `${method} ${routeOf(request) ?? ''}`,
      target: Object.fromEntries(target) as Record<string, string>,
      status,
      address: ip ?? null,
      requestId: requestIdOf(request),
    });
  }
}

/** Whatever was asked is written down; if need be without what a database cannot keep, and without a key that stood in the address. */
const toKeep = (text: string): string => storable(redactKeys(text).slice(0, MAX_TARGET));
