import { useState } from 'react';

/** A choice that outlives the visit, kept in the browser. Storage may be forbidden: then it lives as long as the page. */
export function usePersisted<T extends string>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read<T>(key) ?? initial);
  return [
    value,
    (next) => {
      setValue(next);
      remember(key, next);
    },
  ];
}

export function read<T extends string>(key: string): T | null {
  try {
    return localStorage.getItem(key) as T | null;
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing is lost but the memory of a choice.
  }
}
