import type { Request, RequestHandler } from 'express';
import { PREDICT_LIMITS } from '../config/predict-limits.js';
import { GraftError } from '../runs/errors.js';

/** Weight of the newest request in the running mean of how long requests take. */
const NEWEST = 0.1;
const MAX_RETRY_AFTER_S = 60;

/** What one request holds of the queue until it has been answered. */
interface Ticket {
  pictures: number;
  readonly bytes: number;
  readonly since: number;
}

/**
 * The bounded queue of predictions: so many pictures, and so many bytes of bodies, are under way at most. Whatever comes on top is
 * told at once to come back, before its body is read, and when: as long as requests take at present.
 */
export class PredictGate {
  private readonly tickets = new Map<Request, Ticket>();
  private pictures = 0;
  private bytes = 0;
  private meanMs = 0;

  constructor(
    private readonly maxPictures: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Pictures under way. */
  get waiting(): number {
    return this.pictures;
  }

  /** Takes a place for each request that brings pictures, until its answer has gone out or its sender. */
  readonly middleware: RequestHandler = (request, response, next) => {
    if (request.method !== 'POST') return next();
    const bytes = Number(request.headers['content-length'] ?? PREDICT_LIMITS.maxFormBytes);
    if (bytes > PREDICT_LIMITS.maxFormBytes) return next(tooLarge(bytes));
    if (!this.fits(1, bytes)) return next(this.busy());
    this.tickets.set(request, { pictures: 1, bytes, since: this.now() });
    this.pictures += 1;
    this.bytes += bytes;
    response.once('close', () => this.leave(request));
    next();
  };

  /** Makes a request's place as large as the number of its pictures, once they are known. @throws GraftError 429 */
  claim(request: Request, pictures: number): void {
    const ticket = this.tickets.get(request);
    if (!ticket) return; // its sender has gone
    const more = pictures - ticket.pictures;
    if (more > 0 && this.tickets.size > 1 && !this.fits(more, 0)) throw this.busy();
    ticket.pictures += more;
    this.pictures += more;
  }

  private fits(pictures: number, bytes: number): boolean {
    if (this.tickets.size === 0) return true; // alone, whatever its size: the limits of a request hold
    return (
      this.pictures + pictures <= this.maxPictures && this.bytes + bytes <= PREDICT_LIMITS.maxBytesInFlight
    );
  }

  private leave(request: Request): void {
    const ticket = this.tickets.get(request);
    if (!ticket) return;
    this.tickets.delete(request);
    this.pictures -= ticket.pictures;
    this.bytes -= ticket.bytes;
    this.meanMs += NEWEST * (this.now() - ticket.since - this.meanMs);
  }

  private busy(): GraftError {
    const seconds = Math.min(MAX_RETRY_AFTER_S, Math.max(1, Math.ceil(this.meanMs / 1000)));
    return new GraftError({
      code: 'busy',
      message: `${this.pictures} pictures are waiting for their prediction, and no more are taken in.`,
      fix: `Try again in ${seconds} s. GRAFT_PREDICT_QUEUE sets how many may wait.`,
      status: 429,
      retryAfterS: seconds,
    });
  }
}

const tooLarge = (bytes: number): GraftError =>
  new GraftError({
    code: 'too-large',
    message: `The request has ${bytes} bytes; ${PREDICT_LIMITS.maxFormBytes} are allowed.`,
    fix: 'Send fewer or smaller pictures.',
    status: 413,
  });
