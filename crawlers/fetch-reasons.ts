/** Why a fetch gave no picture, and what each word means. Documentation for operators is generated from this table. */
export const FETCH_REASONS = {
  'bad-url':
    'not an absolute http(s) address: data:, file:, a user name in it, or a redirect to one of these',
  'private-address':
    'the host, or a redirect, leads into a private, loopback, link-local or reserved network',
  robots: 'the host asks robots to keep out of this path, or its robots.txt answers with a server error',
  noai: 'the reply carries X-Robots-Tag noai, noimageai, noindex, noimageindex or none, or reserves text and data mining',
  'too-large': 'the body, as sent or unpacked, is larger than the cap',
  'not-an-image':
    'the bytes are no picture format known by its magic bytes: an error page, a consent page, a video',
  empty: 'the body has no bytes',
  truncated: 'the connection ended before the body was complete, in every attempt',
  timeout: 'connecting, the first byte or the whole took longer than its limit',
  'redirect-loop': 'the redirects come back to an address already visited, or go on past the limit of hops',
  throttled: 'the host answers 429, in every attempt or with a longer wait than is allowed',
  unreachable:
    'the name does not resolve, or no connection could be made or kept until a reply came; of own files: it is gone or cannot be read',
  'bad-response':
    'the reply is not valid HTTP, sends more than it announced or a part only, or its body does not unpack as its Content-Encoding says',
} as const;

/** A documented reason, or `http-NNN` for a reply with that status (`http-404`). */
export type FetchReason = keyof typeof FETCH_REASONS | `http-${number}`;

/** The end of one fetch. Only cancelling throws; whatever the web does comes back as a value. */
export type FetchOutcome =
  | {
      kind: 'fetched';
      bytes: Uint8Array;
      /** By magic bytes, never by header or name. */ mime: string;
      finalUrl: string;
      /**
       * Of large pictures: gives their memory to the next download; `bytes` must not be used after. Without it the
       * garbage collector does so, much later.
       */
      release?: () => void;
    }
  | {
      kind: 'dropped';
      reason: FetchReason;
      /** One line for a human, with the host and the numbers. */ detail: string;
    };
