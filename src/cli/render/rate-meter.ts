/** Only the last stretch counts: a stage's speed changes with the host it waits for and the work it does. */
const WINDOW_MS = 15_000;
/** Two looks closer together than this say nothing. */
const MIN_SPAN_MS = 500;
/** The first item of some work often takes the time of many. */
const MIN_ITEMS = 2;

interface Look {
  atMs: number;
  done: number;
  total: number;
}

/** Speed of something that's counted now and then. */
export interface RateMeter {
  /** A smaller count or another total means other work: the meter starts over. */
  observe(done: number, total: number, atMs: number): void;
  /** Items a second over the last stretch; null while nobody can tell. */
  perSecond(): number | null;
}

export function createRateMeter(): RateMeter {
  let looks: Look[] = [];
  return {
    observe: (done, total, atMs) => {
      const last = looks.at(-1);
      if (last && (done < last.done || total !== last.total)) looks = [];
      looks.push({ atMs, done, total });
      while (looks.length > 2 && atMs - (looks[1]?.atMs ?? atMs) >= WINDOW_MS) looks.shift();
    },
    perSecond: () => {
      const first = looks[0];
      const last = looks.at(-1);
      if (!first || !last || last.atMs - first.atMs < MIN_SPAN_MS || last.done - first.done < MIN_ITEMS)
        return null;
      return ((last.done - first.done) / (last.atMs - first.atMs)) * 1000;
    },
  };
}
