import type { Candidate } from '../candidate.js';

/** The part of a candidate that tells which picture it is. */
export type Identifiable = Pick<Candidate, 'imageUrl' | 'pageUrl' | 'sha1'>;

/** Parameters that only tell a site where a visitor came from. */
const TRACKING = /^(utm_.*|fbclid|gclid|msclkid|mc_[ce]id|igshid|ref_src)$/i;

/**
 * One spelling for addresses that lead to the same file: without scheme, user, fragment, default port and tracking
 * parameters, host in lower case, parameters sorted, escapes of ordinary characters undone.
 * @returns the address as it is when it is none
 */
export function canonicalUrl(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  const parameters = [...url.searchParams].filter(([name]) => !TRACKING.test(name)).sort(byText);
  const query = new URLSearchParams(parameters).toString();
  return `${url.host}${plainPath(url.pathname)}${query && `?${query}`}`;
}

const byText = (a: readonly string[], b: readonly string[]): number => (a.join('=') < b.join('=') ? -1 : 1);

function plainPath(path: string): string {
  try {
    return encodeURI(decodeURI(path));
  } catch {
    return path; // a stray percent sign
  }
}

interface Work {
  /** Where the picture is at home. */
  site: string;
  /** Tells its number or name there from an address of the picture or its page. */
  patterns: readonly RegExp[];
}

/**
 * Sites whose pictures are found through others as well: Openverse indexes Flickr, Commons and iNaturalist, and so do the
 * engines. Their addresses carry the site's own number or name of the picture.
 */
const WORKS: readonly Work[] = [
  {
    site: 'flickr',
    patterns: [
      /^(?:www\.)?flickr\.com\/photos\/[^/]+\/(\d+)(?:\/|$)/,
      /^(?:live|farm\d+|c\d)\.static\.?flickr\.com\/(?:\d+\/){1,3}(\d+)_[0-9a-f]+/,
    ],
  },
  {
    site: 'commons',
    patterns: [
      /^upload\.wikimedia\.org\/wikipedia\/commons\/(?:thumb\/)?[0-9a-f]\/[0-9a-f]{2}\/([^/?]+)/,
      /^commons\.(?:m\.)?wikimedia\.org\/wiki\/File:([^?]+)/,
    ],
  },
  {
    site: 'inaturalist',
    patterns: [
      /^(?:inaturalist-open-data\.s3\.amazonaws\.com|static\.inaturalist\.org)\/photos\/(\d+)\//,
      /^(?:www\.)?inaturalist\.org\/photos\/(\d+)/,
    ],
  },
];

const tidy = (name: string): string => decodeLoosely(name).replaceAll(' ', '_');

function decodeLoosely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `flickr:12345`: the same picture at its home, however it was found. */
function worksOf(canonical: string): string[] {
  return WORKS.flatMap(({ site, patterns }) => {
    const name = patterns.map((pattern) => pattern.exec(canonical)?.[1]).find((match) => match !== undefined);
    return name === undefined ? [] : [`${site}:${tidy(name)}`];
  });
}

/**
 * Everything that names this very picture before its bytes are known: its address, the SHA-1 a provider gives, its number
 * at the site where it is at home. Two candidates that share one of them are the same picture.
 */
export function pictureKeys({ imageUrl, pageUrl, sha1 }: Identifiable): string[] {
  const address = canonicalUrl(imageUrl);
  const addresses = pageUrl === null ? [address] : [address, canonicalUrl(pageUrl)];
  return [
    `url:${address}`,
    ...(sha1 ? [`sha1:${sha1.toLowerCase()}`] : []),
    ...new Set(addresses.flatMap(worksOf)),
  ];
}

/** The pictures known so far, for telling twins. */
export class KnownPictures {
  private readonly addresses = new Set<string>();
  private readonly firstByKey = new Map<string, string>();

  constructor(pictures: Iterable<Identifiable> = []) {
    for (const picture of pictures) this.add(picture);
  }

  /** Whether exactly this address is known. */
  has(imageUrl: string): boolean {
    return this.addresses.has(imageUrl);
  }

  /** Adds a picture. @returns the address of the one it is a twin of, or null when it is new */
  add(picture: Identifiable): string | null {
    const keys = pictureKeys(picture);
    const twin = keys.map((key) => this.firstByKey.get(key)).find((address) => address !== undefined) ?? null;
    this.addresses.add(picture.imageUrl);
    for (const key of keys) if (!this.firstByKey.has(key)) this.firstByKey.set(key, twin ?? picture.imageUrl);
    return twin;
  }
}
