import type { Candidate } from '../candidate.js';
import type { Timing } from '../http/timing.js';
import { KnownPictures, type Identifiable } from './identity.js';
import { Source, type SourceState, type SourceTools } from './source.js';

/** A candidate of a pool. */
export interface PooledCandidate {
  candidate: Candidate;
  /** Address of the candidate that is the same picture, found before: this one need not be downloaded. */
  twinOf: string | null;
}

/** What has to be kept for going on after a crash. */
export interface PoolProgress {
  /** Candidates given out since the last time. */
  candidates: readonly PooledCandidate[];
  /** Every search as it stands, in the order of preference; copies. */
  sources: readonly SourceState[];
}

/** What a pool is made of. */
export interface PoolOptions extends Omit<SourceTools, 'onPage'> {
  /** Keeps both together, or neither. Called after each page, and by `flush`; never twice at once. */
  keep: (progress: PoolProgress) => Promise<void>;
  /** The searches, in the order of preference; fresh ones, or as they were kept. Changed in place. */
  sources: SourceState[];
  /** The pictures that are known already. */
  known: Iterable<Identifiable>;
  timing: Pick<Timing, 'now' | 'wait'>;
  signal?: AbortSignal;
}

/** How long the turn of a slow provider is waited for before the others go on; it catches up later. */
const PATIENCE_MS = 10_000;

/**
 * The searches of one category: several providers, several phrasings. They take turns, so that each gives its best first.
 * The plain query goes alone as long as it gives anything or nobody asks for more; then the next tier joins in. A provider
 * that fails rests, and the others fill its place.
 */
export class CandidatePool {
  private readonly sources: readonly Source[];
  private readonly known: KnownPictures;
  private tier: number;
  private readonly unkept: PooledCandidate[] = [];
  private keeping: Promise<void> = Promise.resolve();

  constructor(private readonly options: PoolOptions) {
    const tools = { ...options, onPage: () => this.flush() };
    this.sources = options.sources.map((state) => new Source(state, tools));
    this.known = new KnownPictures(options.known);
    this.tier = Math.max(0, ...options.sources.filter(({ turn }) => turn !== null).map(({ tier }) => tier));
    this.join();
  }

  /** Every search as it stands, in the order of preference. */
  get states(): readonly SourceState[] {
    return this.options.sources;
  }

  /**
   * Has everything kept that was given out so far. A page that comes in is kept together with the candidates that were
   * taken before it, for its record takes the place of theirs.
   * @throws what `keep` throws, from then on
   */
  flush(): Promise<void> {
    this.keeping = this.keeping.then(() =>
      this.options.keep({
        candidates: this.unkept.splice(0),
        sources: this.options.sources.map((state) => ({ ...state, rows: [...state.rows] })),
      }),
    );
    return this.keeping;
  }

  /** Lets the searches up to this tier take part, whether the ones before have run out or not. */
  widen(tier: number): void {
    this.tier = Math.max(this.tier, tier);
    this.join();
  }

  /**
   * The next candidate, or null when every search is exhausted or has failed.
   * @throws the reason of the signal, and what the page reader or keeper throws besides ProviderError
   */
  async next(): Promise<PooledCandidate | null> {
    for (;;) {
      this.options.signal?.throwIfAborted();
      const [first, ...others] = this.settled();
      if (!first) return null;
      if (!first.hasRows && first.loading) await this.bePatient(first.loading);
      const ready = [first, ...others].find((source) => source.hasRows);
      const taken = ready ? this.take(ready) : null;
      if (taken) return taken;
      if (!ready) await this.waitForAny([first, ...others]);
    }
  }

  /** Open searches in turn, each with its candidates there or on their way; opens the next tier when all have ended. */
  private settled(): Source[] {
    for (;;) {
      const inTurn = this.joined().sort((a, b) => turnOf(a) - turnOf(b));
      for (const source of inTurn) source.settle();
      const open = inTurn.filter(isOpen);
      const later = this.sources.filter((source) => isOpen(source) && source.state.tier > this.tier);
      if (open.length > 0 || later.length === 0) return open;
      this.widen(Math.min(...later.map((source) => source.state.tier)));
    }
  }

  private joined(): Source[] {
    return this.sources.filter((source) => isOpen(source) && source.state.turn !== null);
  }

  /** Newcomers start where the others are: they take turns from now on, and do not catch up. */
  private join(): void {
    const turns = this.joined().map(turnOf);
    const now = turns.length > 0 ? Math.min(...turns) : 0;
    for (const { state } of this.sources) if (state.tier <= this.tier) state.turn ??= now;
  }

  private take({ state }: Source): PooledCandidate | null {
    const candidate = state.rows.shift();
    if (!candidate) return null;
    state.turn = (state.turn ?? 0) + 1;
    if (this.known.has(candidate.imageUrl)) {
      state.again += 1;
      return null;
    }
    state.found += 1;
    const taken = { candidate, twinOf: this.known.add(candidate) };
    this.unkept.push(taken);
    return taken;
  }

  private async bePatient(loading: Promise<void>): Promise<void> {
    const over = new AbortController();
    const patience = this.options.timing.wait(PATIENCE_MS, over.signal).catch(() => undefined);
    await Promise.race([loading, patience]);
    over.abort();
  }

  /** Nobody has anything at hand: waits for a page on its way, else for the end of a rest, else gives up who rests. */
  private async waitForAny(open: readonly Source[]): Promise<void> {
    const loading = open.flatMap((source) => source.loading ?? []);
    if (loading.length > 0) return Promise.race(loading);
    const { ledger, timing, signal } = this.options;
    const resting = open.flatMap((source) => {
      const health = ledger.health(source.state.provider);
      return health.state === 'resting' ? [{ source, health }] : [];
    });
    const awaited = resting.filter(({ health }) => health.worthWaiting);
    if (awaited.length === 0) {
      for (const { source, health } of resting) source.fail(health.error);
      return;
    }
    const untilMs = Math.min(...awaited.map(({ health }) => health.untilMs));
    await timing.wait(Math.max(0, untilMs - timing.now()), signal);
  }
}

const isOpen = ({ state }: Source): boolean => state.state === 'open';
const turnOf = ({ state }: Source): number => state.turn ?? 0;
