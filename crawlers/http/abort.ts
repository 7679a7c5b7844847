import { setMaxListeners } from 'node:events';

/** Settles with the promise, or rejects with the signal's reason if that comes first; the promise itself goes on. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // Always listened to, so that a late rejection of a promise nobody waits for any more is not an unhandled one.
    promise.finally(() => signal.removeEventListener('abort', stop)).then(resolve, reject);
  });
}

/**
 * Aborts `controller` when any of the signals fires. Not `AbortSignal.any`: on Node 20 its results stay reachable from a
 * long-lived source, which a crawl of many thousand requests cannot afford.
 * @returns a function that lets the signals go
 */
export function linkAbort(
  controller: AbortController,
  signals: readonly (AbortSignal | undefined)[],
): () => void {
  const given = signals.filter((signal) => signal !== undefined);
  const undo = given.map((signal) => {
    const stop = (): void => controller.abort(signal.reason);
    if (signal.aborted) stop();
    // One signal for hundreds of requests is the normal case here; each listener is taken off again.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', stop, { once: true });
    return () => signal.removeEventListener('abort', stop);
  });
  return () => undo.forEach((release) => release());
}
