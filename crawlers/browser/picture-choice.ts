import type { ShownPicture } from './page-scripts.js';

/** A picture of a page, its largest variant chosen. */
export interface ChosenPicture {
  url: string;
  /** Pixels where the page tells them. */
  width: number | null;
  height: number | null;
}

/** Icons, avatars and counting pixels are smaller. */
export const MIN_SIDE = 96;

interface Variant {
  url: string;
  /** Pixels, where `srcset` tells them. */
  width: number | null;
}

/**
 * The candidates of a `srcset`, largest first. As HTML reads it: an address goes to the next white space and may hold
 * commas; what follows up to a comma describes it, unless the address itself ended with one.
 * @param boxWidth what '1x' means, in pixels
 */
export function parseSrcset(srcset: string, boxWidth: number): Variant[] {
  const variants: Variant[] = [];
  for (const [, text = '', description = ''] of srcset.matchAll(/[\s,]*(\S+)(?:(?<!,)([^,]*))?/g)) {
    const [, amount, unit] = /^\s*([\d.]+)([wx])\s*$/.exec(description) ?? [];
    const width = unit === 'w' ? Number(amount) : Math.round(Number(amount ?? 1) * boxWidth);
    const url = text.replace(/,+$/, '');
    if (url !== '') variants.push({ url, width: width || null });
  }
  return largestFirst(variants);
}

const largestFirst = (variants: readonly Variant[]): Variant[] =>
  [...variants].sort((a, b) => (b.width ?? 0) - (a.width ?? 0));

const PICTURE_PATH = /\.(jpe?g|jfif|png|webp|avif|tiff?|bmp)$/i;
/** Lazy attributes that hold a full picture come before those that hold the one to show. */
const FULL_NAME = /full|orig|large|big|hi-?res|zoom|max/;
const SHOWN_NAME = /^data-(src|lazy|lazy-src|image|img|url|bg|background|background-image)$/;

/** An http(s) address against the page's; `null` for data:, blob: and what is none. */
function resolve(address: string, base: string): URL | null {
  const text = address.trim();
  if (text === '' || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}

function lazyVariants(picture: ShownPicture): Variant[] {
  const named = (pattern: RegExp): Variant[] =>
    Object.entries(picture.lazy)
      .filter(([name, value]) => pattern.test(name) && !/\s/.test(value.trim()))
      .map(([, url]) => ({ url, width: null }));
  return [...named(FULL_NAME), ...named(SHOWN_NAME)];
}

/** Every address that may be this picture, the one to prefer first. */
function variantsOf(picture: ShownPicture, base: string): Variant[] {
  const link = picture.link ? resolve(picture.link, base) : null;
  const linked = link && PICTURE_PATH.test(link.pathname) ? [{ url: link.href, width: null }] : [];
  const sets = largestFirst(picture.srcsets.flatMap((srcset) => parseSrcset(srcset, picture.boxWidth)));
  return [...linked, ...sets, ...lazyVariants(picture), { url: picture.src, width: null }];
}

/** Pixels of the shorter side as far as the page tells; `null` when it does not. */
function knownSide(picture: ShownPicture, variant: Variant, isShown: boolean): number | null {
  if (isShown && picture.naturalWidth > 0) return Math.min(picture.naturalWidth, picture.naturalHeight);
  const { boxWidth, boxHeight } = picture;
  // The box of what is not loaded yet, or hidden, says nothing.
  const waiting = !isShown && picture.naturalWidth === 0;
  if (waiting || boxWidth === 0 || boxHeight === 0) return variant.width;
  const scale = variant.width === null ? 1 : Math.max(1, variant.width / boxWidth);
  return Math.min(boxWidth, boxHeight) * scale;
}

/** The largest variant of a picture; `null` when it has no address, or is too small to be one. */
export function choosePicture(picture: ShownPicture, base: string): ChosenPicture | null {
  for (const variant of variantsOf(picture, base)) {
    const url = resolve(variant.url, base);
    if (!url || url.pathname.toLowerCase().endsWith('.svg')) continue;
    const isShown = resolve(picture.src, base)?.href === url.href;
    const side = knownSide(picture, variant, isShown);
    if (side !== null && side < MIN_SIDE) return null;
    const measured = isShown && picture.naturalWidth > 0;
    return {
      url: url.href,
      width: measured ? picture.naturalWidth : variant.width,
      height: measured ? picture.naturalHeight : null,
    };
  }
  return null;
}
