/** Settles with the promise, or rejects with the signal's reason if that comes first; the promise itself goes on. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
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
    signal.addEventListener('abort', stop, { once: true });
    return () => signal.removeEventListener('abort', stop);
  });
  return () => undo.forEach((release) => release());
}
