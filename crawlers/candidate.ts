/**
 * One picture that a provider says exists: where it is, where it was found and under which terms.
 *
 * `width`, `height`, `mime`, `bytes` and `sha1` describe the provider's original file. `imageUrl` may point at a
 * smaller rendition of it, so they serve to rank and to spot twins before download, never to verify the download.
 */
export interface Candidate {
  /** Id of the provider that found it. */
  provider: string;
  /** The query as the caller gave it. */
  query: string;
  /** 0-based place in that provider's results for that query. */
  rank: number;
  /** Absolute http(s) address of the picture to download. */
  imageUrl: string;
  /** The page a human would visit to see the picture with its licence. */
  pageUrl: string | null;
  thumbnailUrl: string | null;
  title: string | null;
  /** Pixels. */
  width: number | null;
  /** Pixels. */
  height: number | null;
  mime: string | null;
  /** Size of the original file in bytes. */
  bytes: number | null;
  /** Hex SHA-1 of the original file. */
  sha1: string | null;
  creator: string | null;
  /** SPDX-like id where the provider's words can be mapped to one ('CC-BY-4.0', 'CC0-1.0'), else the provider's own words. */
  licence: string | null;
  licenceUrl: string | null;
}

/** What a provider's parser knows of a picture; the search adds provider, query and rank. Only `imageUrl` is required. */
export type FoundImage = Pick<Candidate, 'imageUrl'> &
  Partial<Omit<Candidate, 'provider' | 'query' | 'rank' | 'imageUrl'>>;
