/** Tokens of the ports that storage gives to the rest of the application. */
export const DATABASE = Symbol('DATABASE');
export const BLOBS = Symbol('BLOBS');
export const FOLDERS = Symbol('FOLDERS');
export const QUEUE = Symbol('QUEUE');
export const ENV = Symbol('ENV');
export const CLOCK = Symbol('CLOCK');
export const INSTANCE = Symbol('INSTANCE');

/** The one home of the wall clock, so that tests can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** This process among those that may share a database. */
export interface Instance {
  readonly id: string;
  /** True when no other process can work on the same database: PGlite in a held data folder. */
  readonly exclusive: boolean;
}
