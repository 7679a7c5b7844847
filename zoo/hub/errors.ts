import { ZooError } from '../errors.js';

/**
 * Why weights could not be fetched: `unreachable` no connection; `http` a status that means no; `redirects` too many of them,
 * or one to an address that is less safe; `changed` other bytes than promised; `disk` no room or no right to write;
 * `bad-zoo-file` a `zoo.json` or a card that cannot be read.
 */
export type HubErrorReason = 'unreachable' | 'http' | 'redirects' | 'changed' | 'disk' | 'bad-zoo-file';

/** Weights or a list of cards that could not be fetched; the message says what to do. */
export class HubError extends ZooError {
  constructor(
    readonly reason: HubErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
