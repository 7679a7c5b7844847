import type { Picture } from './catalogue.js';
import { opaqueId, unitOf } from './digest.js';
import { findPictures } from './find.js';
import { copyLookFor, FORMATS, lookFor, type Look } from './look.js';
import { isCopy, plantFor, type Plant } from './plants.js';

/** One search result: a picture under one address, sound or planted bad. */
export interface Result {
  readonly id: string;
  /** Path of the image on the server; says nothing about the plant. */
  readonly imagePath: string;
  readonly pagePath: string;
  readonly picture: Picture;
  readonly look: Look;
  readonly plant: Plant | null;
  /** The result this one is a copy of. */
  readonly copyOf: Result | null;
}

/** No query gives more results than this, as search engines cut theirs. */
export const MAX_RESULTS = 150;

/** A copy stands up to this many places behind its original. */
const COPY_DISTANCE = 12;

interface Listing {
  readonly original: Result;
  readonly copy: Result | null;
}

function resultOf(id: string, fields: Pick<Result, 'picture' | 'look' | 'plant' | 'copyOf'>): Result {
  const { extension } = FORMATS[fields.look.format];
  const imagePath = `/images/${id}/${fields.picture.icon}.${extension}`;
  return { id, imagePath, pagePath: `/pictures/${id}`, ...fields };
}

function copyFor(original: Result, plant: Plant, seed: number): Result {
  const { picture, look } = original;
  const { set, icon } = picture;
  const copyLook = plant === 'exact-copy' ? look : copyLookFor(look, seed, set, icon);
  return resultOf(opaqueId('copy', seed, set, icon), { picture, look: copyLook, plant, copyOf: original });
}

function listingFor(picture: Picture, seed: number): Listing {
  const { set, icon } = picture;
  const planted = plantFor(seed, set, icon);
  const copied = planted !== null && isCopy(planted) ? planted : null;
  const id = opaqueId('original', seed, set, icon);
  const plant = copied === null ? planted : null;
  const original = resultOf(id, { picture, look: lookFor(seed, set, icon), plant, copyOf: null });
  return { original, copy: copied === null ? null : copyFor(original, copied, seed) };
}

/** As many listings, best first, as fit with their copies. */
function cut(listings: readonly Listing[]): Listing[] {
  let room = MAX_RESULTS;
  return listings.filter(({ copy }) => (room -= copy ? 2 : 1) >= 0);
}

/** Every copy stands behind its original, so that whoever reads only the first results can still tell it is one. */
function ordered(listings: readonly Listing[]): Result[] {
  const placed = listings.flatMap(({ original, copy }, place) => {
    if (!copy) return [{ result: original, place }];
    const behind = place + 0.5 + unitOf('place', copy.id) * COPY_DISTANCE;
    return [
      { result: original, place },
      { result: copy, place: behind },
    ];
  });
  return placed.sort((a, b) => a.place - b.place).map(({ result }) => result);
}

/** All results of a gallery with one seed, by address and by query. */
export class Results {
  private readonly listings = new Map<Picture, Listing>();
  private readonly byImagePath = new Map<string, Result>();
  private readonly byId = new Map<string, Result>();

  constructor(
    private readonly catalogue: readonly Picture[],
    readonly seed: number,
  ) {
    for (const picture of catalogue) this.add(picture, listingFor(picture, seed));
  }

  /** The results of a query, best first, at most `MAX_RESULTS`; the same list every time. */
  search(query: string): Result[] {
    const listings = findPictures(this.catalogue, query).map((picture) => this.listings.get(picture));
    return ordered(cut(listings.filter((listing) => listing !== undefined)));
  }

  withImagePath(path: string): Result | undefined {
    return this.byImagePath.get(path);
  }

  withId(id: string): Result | undefined {
    return this.byId.get(id);
  }

  private add(picture: Picture, listing: Listing): void {
    this.listings.set(picture, listing);
    for (const result of [listing.original, listing.copy]) {
      if (!result) continue;
      this.byImagePath.set(result.imagePath, result);
      this.byId.set(result.id, result);
    }
  }
}
