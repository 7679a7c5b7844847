import { ADDRESS_CASES } from './address-cases.js';
import { BODY_CASES } from './body-cases.js';
import { HEAD_CASES } from './head-cases.js';
import type { HostileCase, Ports } from './wire.js';

/** All of them; each has a host of its own, named by its place. */
export const CASES: readonly HostileCase[] = [...BODY_CASES, ...HEAD_CASES, ...ADDRESS_CASES];

/** Hosts of nothing but good pictures. */
export const GOOD_HOSTS = Array.from({ length: 20 }, (_, at) => `good-${at}.test`);

/** Host of large pictures, some with a length and some without. */
export const LARGE_HOSTS = Array.from({ length: 12 }, (_, at) => `large-${at}.test`);

/** Hosts of connections that break: every time, and the first time. */
export const RESET_HOST = 'reset.test';
export const RESET_ONCE_HOST = 'reset-once.test';

/** Search services that misbehave. */
export const PROVIDER_HOSTS = { repeats: 'provider-repeats.test', changes: 'provider-changes.test' } as const;

export const hostOf = (at: number): string => `case-${at}.test`;

/** The case that a host name stands for. */
export const caseOf = (host: string): HostileCase | undefined =>
  CASES[Number(/^case-(\d+)\.test$/.exec(host)?.[1])];

export const urlOf = (at: number, ports: Ports): string => {
  const host = hostOf(at);
  return CASES[at]?.url?.(ports, host) ?? `http://${host}:${ports.http}/a`;
};
