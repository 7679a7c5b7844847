/** Every bound of rendering pages. Sizes in bytes, times in milliseconds. */
export interface BrowserLimits {
  /** Pages open at once, in one browser. */
  concurrency: number;
  /** From opening a page until it is closed, whatever it does. */
  visitTimeoutMs: number;
  /** Until the document is there. */
  openTimeoutMs: number;
  /** How long a page may take to show more after it was scrolled to its end; then it has no more. */
  settleMs: number;
  /** Turns of the wheel. */
  maxScrolls: number;
  /** Rows read; more are not scrolled for. */
  maxRows: number;
  /** Requests of one visit, pictures and scripts included. */
  maxRequests: number;
  /** What one visit may receive. */
  maxBytes: number;
}

export const DEFAULT_BROWSER_LIMITS: BrowserLimits = {
  concurrency: 2,
  visitTimeoutMs: 120_000,
  openTimeoutMs: 30_000,
  settleMs: 5_000,
  maxScrolls: 200,
  maxRows: 300,
  maxRequests: 4_000,
  maxBytes: 256 * 1024 * 1024,
};
