/** Every bound of fetching. Sizes in bytes, times in milliseconds. */
export interface FetchLimits {
  /** Largest body, both as sent and unpacked. */
  maxBytes: number;
  maxRedirects: number;
  /** Until TCP and TLS stand. */
  connectTimeoutMs: number;
  /** From asking (connecting included) until the head of the reply is there. */
  firstByteTimeoutMs: number;
  /** One attempt with its redirects and its body; waiting for a turn is not counted. */
  totalTimeoutMs: number;
  /** The first one included. */
  maxAttempts: number;
  /** A longer Retry-After is not waited for. */
  maxRetryAfterMs: number;
  perHostConcurrency: number;
  /** Least time between the starts of two requests to one host. */
  perHostIntervalMs: number;
  /**
   * Memory of large bodies (1 MiB and more) that are under way, over all requests: as many of them at once as `maxBytes`
   * goes into it, and one at least; the others wait.
   */
  maxBytesInFlight: number;
  /** Requests under way in all. */
  concurrency: number;
  /** Obey robots.txt. */
  respectRobots: boolean;
  /** Obey X-Robots-Tag and TDM-Reservation. */
  respectNoAi: boolean;
}

const MIB = 1024 * 1024;

/** Polite for strangers' servers. */
export const DEFAULT_LIMITS: FetchLimits = {
  maxBytes: 15 * MIB,
  maxRedirects: 5,
  connectTimeoutMs: 10_000,
  firstByteTimeoutMs: 20_000,
  totalTimeoutMs: 60_000,
  maxAttempts: 3,
  maxRetryAfterMs: 120_000,
  perHostConcurrency: 4,
  perHostIntervalMs: 100,
  maxBytesInFlight: 48 * MIB,
  concurrency: 12,
  respectRobots: true,
  respectNoAi: true,
};
