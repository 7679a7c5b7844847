import { fitsCap, type Cap } from '../../../zoo/index.js';
import { GraftError } from '../../runs/errors.js';

/** A tap, or a trial at it, and what it costs. */
interface Priced {
  readonly backbone: string;
  readonly tap: string;
  readonly latencyMs: number | null;
  readonly bytes: number;
}

const MB = 1_000_000;

const inWords = ({ maxLatencyMs, maxBytes }: Cap): string =>
  [
    ...(maxLatencyMs === null ? [] : [`${maxLatencyMs} ms an example`]),
    ...(maxBytes === null ? [] : [`${maxBytes / MB} MB`]),
  ].join(' and ');

const leastBy = (all: readonly Priced[], value: (one: Priced) => number): Priced | undefined =>
  all.toSorted((a, b) => value(a) - value(b))[0];

/** @throws GraftError when nothing keeps to the cap, with the least that a cap would have to allow */
export function refuseIfNothingFits(all: readonly Priced[], cap: Cap): void {
  if (all.some((one) => fitsCap(one, cap))) return;
  const fastest = leastBy(
    all.filter(({ latencyMs }) => latencyMs !== null),
    ({ latencyMs }) => latencyMs ?? 0,
  );
  const smallest = leastBy(all, ({ bytes }) => bytes);
  const least = [
    ...(cap.maxLatencyMs !== null && fastest
      ? [
          `the fastest is ${fastest.backbone} cut at ${fastest.tap} with ${(fastest.latencyMs ?? 0).toFixed(1)} ms`,
        ]
      : []),
    ...(cap.maxBytes !== null && smallest
      ? [
          `the smallest is ${smallest.backbone} cut at ${smallest.tap} with ${(smallest.bytes / MB).toFixed(2)} MB`,
        ]
      : []),
  ];
  throw new GraftError({
    code: 'nothing-fits',
    message: `No backbone of this run, cut at any depth, keeps to ${inWords(cap)}: ${least.join('; ')}.`,
    fix: 'Raise --max-latency or --max-size (maxLatencyMs, maxSizeMb), or search other backbones: `npx graft zoo list`.',
    status: 422,
  });
}
