import { useCallback, useLayoutEffect, useRef } from 'react';

/** A function that never changes and always does what the latest one does: memoised children need not be drawn anew for it. */
export function useStable<A extends unknown[], R>(latest: (...args: A) => R): (...args: A) => R {
  const ref = useRef(latest);
  useLayoutEffect(() => {
    ref.current = latest;
  });
  return useCallback((...args: A) => ref.current(...args), []);
}
