import { errorAt, sizeFor, type PowerLaw } from './power-law.js';
import type { Outlook } from './types.js';

/** The gain that is asked for. */
export const WANTED = 0.02;
/** Nothing is said about more than so many times the pictures there are: the curve was seen over a factor of ten. */
export const FURTHEST = 4;

/** The q-quantile of sorted values. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** Two significant digits: more would pretend to know. */
export function rounded(value: number): number {
  if (!Number.isFinite(value) || value < 1) return Math.max(1, Math.ceil(value));
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / step) * step;
}

export interface OutlookRequest {
  readonly laws: readonly PowerLaw[];
  /** Pictures there are, in the unit of the laws. */
  readonly now: number;
  /** The laws count pictures of so many categories. */
  readonly categories: number;
  /** What there is of them: 'pictures'. */
  readonly many: string;
  /** What the numbers are about, as in "cat" or "each category". */
  readonly subject: string;
  readonly measure: 'accuracy' | 'recall';
}

const points = (share: number): string => `${(share * 100).toFixed(1)} points`;

/** What is asked for more of, and for which category. */
type Subject = Pick<OutlookRequest, 'subject' | 'many'>;

const saying = (verdict: Outlook['verdict'], reason: string, { subject, many }: Subject): Outlook => {
  const opening =
    verdict === 'enough'
      ? `More ${many} of ${subject} would hardly help`
      : `How many more ${many} of ${subject} would help, one cannot say yet`;
  return { verdict, more: null, reason, text: `${opening}: ${reason}` };
};

export const cannotSay = (subject: Subject, reason: string): Outlook => saying('cannot-say', reason, subject);

function enough(request: OutlookRequest, gains: readonly number[]): Outlook | null {
  const { laws, now, measure } = request;
  const error = quantile(ascending(laws.map((law) => errorAt(law, now))), 0.5);
  if (error <= WANTED)
    return saying(
      'enough',
      `its ${measure} is at ${((1 - error) * 100).toFixed(1)} % already, with no two points left to gain.`,
      request,
    );
  const most = quantile(gains, 0.9);
  if (most >= WANTED) return null;
  return saying(
    'enough',
    `${FURTHEST} times as many would bring ${points(Math.max(0, most))} of ${measure} at most (90 % bound).`,
    request,
  );
}

/** "About N more pictures of X for two points", from laws that are all likely; or why not. */
export function outlookOf(request: OutlookRequest): Outlook {
  const { laws, now, categories, subject, many, measure } = request;
  const gains = ascending(laws.map((law) => errorAt(law, now) - errorAt(law, FURTHEST * now)));
  const done = enough(request, gains);
  if (done) return done;
  const sizes = ascending(laws.map((law) => sizeFor(law, errorAt(law, now) - WANTED)));
  const [low, middle, high] = [0.1, 0.5, 0.9].map(
    (q) => Math.max(0, quantile(sizes, q) - now) / categories,
  ) as [number, number, number];
  const reach = ((FURTHEST - 1) * now) / categories;
  if (!(middle <= reach))
    return cannotSay(
      request,
      `two points more of ${measure} may take more than ${FURTHEST} times as many, and the curve does not reach that far.`,
    );
  const more = {
    pictures: rounded(middle),
    interval: [rounded(low), high <= reach ? rounded(high) : null] as [number, number | null],
  };
  const upper = more.interval[1] === null ? `more than ${rounded(reach)}` : String(more.interval[1]);
  const text = `About ${more.pictures} more ${many} of ${subject} for +2 points of ${measure} (80 % band: ${more.interval[0]} to ${upper}).`;
  return { verdict: 'more-helps', more, reason: null, text };
}
