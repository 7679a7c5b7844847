import type { Rng } from '../../zoo/index.js';
import { createEventQueue } from './event-queue.js';

/** A crawl as the stage fetch does it: a host belongs to one worker at a time, a worker has some pictures in hand. */
export interface CrawlPlan {
  readonly pictures: number;
  readonly hosts: number;
  readonly workers: number;
  /** Hosts that a worker has taken. */
  readonly hostsInHand: number;
  /** Downloads that a worker has under way. */
  readonly inHand: number;
  /** Between two pictures of one host. */
  readonly paceS: number;
  /** Of an answer, on average; drawn anew for each. */
  readonly latencyS: number;
  /** Of Zipf's law for how many pictures lie on which host: 0 for all alike. */
  readonly skew: number;
}

export interface CrawlOutcome {
  readonly seconds: number;
  /** Less is not possible: the largest host at its pace, or all that the workers can have in hand. */
  readonly boundS: number;
  readonly boundBy: 'the largest host' | 'pictures in hand';
  /** The bound against what it took. */
  readonly efficiency: number;
}

/** How many pictures lie on each host; largest first. */
export function picturesOfHosts({ pictures, hosts, skew }: CrawlPlan): number[] {
  const weights = Array.from({ length: hosts }, (_, n) => (n + 1) ** -skew);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.max(1, Math.round((pictures * weight) / sum)));
}

/** Walks through every single picture: up to some millions. */
export function simulateCrawl(plan: CrawlPlan, rng: Rng): CrawlOutcome {
  const { workers, hostsInHand, inHand, paceS, latencyS } = plan;
  const events = createEventQueue();
  const sizes = picturesOfHosts(plan);
  const free = rng.shuffle([...sizes]);
  const latency = (): number => -latencyS * Math.log(1 - rng.next());
  const worker = (): void => {
    const waiting: (() => void)[] = [];
    let hands = inHand;
    const letGo = (): void => {
      const next = waiting.shift();
      if (next) next();
      else hands++;
    };
    const fetchOne = (then: () => void): void => {
      const go = (): void =>
        events.after(latency(), () => {
          letGo();
          then();
        });
      if (hands === 0) return void waiting.push(go);
      hands--;
      go();
    };
    const host = (): void => {
      const left = free.pop();
      if (left === undefined) return;
      let open = left;
      const done = (): void => {
        if (--open === 0) host(); // the next share
      };
      for (let n = 0; n < left; n++) events.after(n * paceS, () => fetchOne(done));
    };
    for (let n = 0; n < hostsInHand; n++) host();
  };
  for (let n = 0; n < workers; n++) worker();
  events.run();
  return outcome(plan, sizes, events.nowS());
}

function outcome(
  { workers, inHand, paceS, latencyS }: CrawlPlan,
  sizes: readonly number[],
  seconds: number,
): CrawlOutcome {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const byHost = (Math.max(...sizes) - 1) * paceS;
  const byHands = (total * latencyS) / (workers * inHand);
  const boundS = Math.max(byHost, byHands);
  return {
    seconds: Math.round(seconds),
    boundS: Math.round(boundS),
    boundBy: byHost > byHands ? 'the largest host' : 'pictures in hand',
    efficiency: Number((boundS / seconds).toFixed(2)),
  };
}

/** The same bound by arithmetic alone, for more pictures than can be walked through. */
export function boundOfCrawl(plan: CrawlPlan): Pick<CrawlOutcome, 'boundS' | 'boundBy'> {
  const { boundS, boundBy } = outcome(plan, picturesOfHosts(plan), 1);
  return { boundS, boundBy };
}
