import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Env } from '../config/env.js';
import { ENV, INSTANCE, type Instance } from '../storage/tokens.js';
import { ClaimsRepository, type Claim } from './claims.repository.js';

/** Renewals a lease. */
const RENEWALS = 4;
/** How long the leader waits before it looks again whether the others are through. */
const LOOK_EVERY_MS = 250;

/** Work that falls into shares, each of which one worker does at a time. */
export interface SharedWork {
  /** Names the work; shares of equal names in one scope exclude one another, in all runs. */
  readonly scope: string;
  /** Shares in hand at a time in this process. */
  readonly atOnce: number;
  /** The shares that are not done, by anybody. Asked again and again: it must look at the records. */
  open(): Promise<readonly string[]>;
  /** Does one share. It must look at the records anew: another worker may have done a part of it. */
  work(share: string): Promise<void>;
  /** Shares leave no records that `open` could see: they are marked when they are done. */
  readonly marked?: boolean;
}

/** Deals the shares of a stage out among all workers that lend a hand; alone, it simply does them all. */
@Injectable()
export class Shares {
  /** What this process works on now, over all its stages. */
  private readonly inHand = new Map<string, Claim>();

  constructor(
    private readonly claims: ClaimsRepository,
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** True when other processes may work on the same runs. */
  get mayBeHelped(): boolean {
    return !this.instance.exclusive;
  }

  /** Works until every share is done, by this worker or others. */
  async lead(work: SharedWork, signal: AbortSignal): Promise<void> {
    await this.renewing(async () => {
      for (;;) {
        const open = await this.openOf(work);
        if (open.length === 0) return;
        const taken = await this.workOn(work, open, signal);
        signal.throwIfAborted();
        // Others have all that is left: they finish it, or their leases run out.
        if (taken === 0) await delay(LOOK_EVERY_MS, undefined, { signal });
      }
    });
  }

  /** Takes shares for as long as there are any that nobody has. */
  async help(work: SharedWork, signal: AbortSignal): Promise<void> {
    await this.renewing(async () => {
      while (!signal.aborted && (await this.workOn(work, await this.openOf(work), signal)) > 0);
    });
  }

  private async openOf(work: SharedWork): Promise<readonly string[]> {
    const open = await work.open();
    if (!work.marked) return open;
    const done = await this.claims.doneOf(work.scope);
    return open.filter((share) => !done.has(share));
  }

  /** @returns how many shares this worker got */
  private async workOn(work: SharedWork, open: readonly string[], signal: AbortSignal): Promise<number> {
    const left = [...open];
    let taken = 0;
    const hand = async (): Promise<void> => {
      for (let share = left.shift(); share !== undefined && !signal.aborted; share = left.shift())
        if (await this.workOnOne(work, share, signal)) taken++;
    };
    await Promise.all(Array.from({ length: Math.min(work.atOnce, open.length) }, hand));
    return taken;
  }

  private async workOnOne(work: SharedWork, share: string, signal: AbortSignal): Promise<boolean> {
    // Alone there is nobody to keep out, and the claims of a process that was killed would be waited for.
    if (this.instance.exclusive) {
      await work.work(share);
      return true;
    }
    const claim: Claim = { scope: work.scope, item: share };
    const key = JSON.stringify([work.scope, share]);
    if (this.inHand.has(key)) return false;
    this.inHand.set(key, claim);
    try {
      if (!(await this.claims.take(claim))) return false;
      await this.workOnClaim(work, claim, signal);
      return true;
    } finally {
      this.inHand.delete(key);
    }
  }

  private async workOnClaim(work: SharedWork, claim: Claim, signal: AbortSignal): Promise<void> {
    let done = false;
    try {
      await work.work(claim.item);
      done = !signal.aborted;
    } finally {
      if (done && work.marked) await this.claims.finish(claim);
      // Where that fails it runs out by itself.
      else await this.claims.giveBack(claim).catch(() => undefined);
    }
  }

  private async renewing(work: () => Promise<void>): Promise<void> {
    if (this.instance.exclusive) return work(); // nothing is claimed
    const renewal = setInterval(
      () => void this.claims.renew([...this.inHand.values()]).catch(() => undefined),
      this.env.leaseMs / RENEWALS,
    );
    try {
      await work();
    } finally {
      clearInterval(renewal);
    }
  }
}
