import autocannon from 'autocannon';

/** Posts pictures to a `/predict` address as raw bytes, in turn, over and over. */
export const cannon = async (
  predictUrl: string,
  bodies: readonly Buffer[],
  options: Partial<autocannon.Options>,
): Promise<autocannon.Result> =>
  autocannon({
    url: predictUrl,
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    requests: bodies.map((body) => ({ body })),
    timeout: 120,
    ...options,
  });

/** What a load saw, in words of this project. */
export const outcome = ({ latency, requests, non2xx, errors, statusCodeStats }: autocannon.Result) => ({
  perSecond: requests.average,
  p50Ms: latency.p50,
  p99Ms: latency.p99,
  answered: requests.total,
  non2xx,
  errors,
  statusCodes: Object.fromEntries(
    Object.entries(statusCodeStats ?? {}).map(([code, { count }]) => [code, count]),
  ),
});
