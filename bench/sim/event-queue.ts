/** A clock that only events move: what is due first comes first, and of what is due at once what was planned first. */
export interface EventQueue {
  nowS(): number;
  /** Plans something for some seconds from now. */
  after(seconds: number, what: () => void): void;
  /** Until nothing is planned, or the time is up. */
  run(untilS?: number): void;
}

interface Planned {
  readonly atS: number;
  readonly order: number;
  readonly what: () => void;
}

const isBefore = (a: Planned, b: Planned): boolean => a.atS < b.atS || (a.atS === b.atS && a.order < b.order);

/** A binary heap. */
export function createEventQueue(): EventQueue {
  const heap: Planned[] = [];
  let now = 0;
  let planned = 0;
  const at = (index: number): Planned => heap[index] as Planned;
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [at(b), at(a)];
  };
  const push = (event: Planned): void => {
    let index = heap.push(event) - 1;
    for (let up = (index - 1) >> 1; index > 0 && isBefore(at(index), at(up)); up = (index - 1) >> 1) {
      swap(index, up);
      index = up;
    }
  };
  const pop = (): Planned | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    heap[0] = last;
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let least = index;
      if (left < heap.length && isBefore(at(left), at(least))) least = left;
      if (right < heap.length && isBefore(at(right), at(least))) least = right;
      if (least === index) return first;
      swap(index, least);
      index = least;
    }
  };
  return {
    nowS: () => now,
    after: (seconds, what) => push({ atS: now + seconds, order: planned++, what }),
    run: (untilS = Number.POSITIVE_INFINITY) => {
      while (heap[0] && heap[0].atS <= untilS) {
        const event = pop() as Planned;
        now = event.atS;
        event.what();
      }
    },
  };
}
