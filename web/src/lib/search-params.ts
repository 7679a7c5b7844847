/** Reads of an address bar, where anyone may type anything: what is not understood is left out. */
type Raw = Readonly<Record<string, unknown>>;

export function textOf(raw: Raw, key: string): string | undefined {
  const value = raw[key];
  if (typeof value === 'string') return value === '' ? undefined : value;
  // The router reads `?query=7` as a number.
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function oneOf<const T extends string>(raw: Raw, key: string, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === raw[key]);
}
