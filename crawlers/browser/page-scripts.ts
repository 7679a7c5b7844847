/**
 * Functions that run inside a rendered page. Playwright sends their source, so each is whole in itself: no imports, no
 * helpers from outside. The page is a stranger's; what they return is data and is checked again by `parsePage`.
 */

/** What is used of the DOM. The project is compiled without the library of the browser, whose names would be everywhere. */
interface PageElement {
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  closest(selector: string): PageElement | null;
  getBoundingClientRect(): { width: number; height: number };
  readonly innerText?: string;
  readonly parentElement: PageElement | null;
  readonly attributes: ArrayLike<{ name: string; value: string }>;
  readonly tagName: string;
  readonly children: ArrayLike<PageElement>;
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  readonly currentSrc?: string;
  readonly naturalWidth?: number;
  readonly naturalHeight?: number;
}
declare const document: {
  querySelectorAll(selector: string): ArrayLike<PageElement>;
  querySelector(selector: string): PageElement | null;
  elementFromPoint(x: number, y: number): PageElement | null;
  readonly baseURI: string;
  readonly title: string;
  readonly documentElement: PageElement;
};
declare const window: { scrollY: number; innerWidth: number; innerHeight: number };
declare function getComputedStyle(element: PageElement): { backgroundImage: string };

/** What a page says about itself. */
export interface PageHead {
  url: string;
  title: string;
  /** Contents of `<meta name="robots">`. */
  robots: string;
  /** Where a rel=next link leads. */
  next: string | null;
}

/** Reads what the page says about itself. */
export function readHead(): PageHead {
  const next = document.querySelector('a[rel~="next"][href], link[rel~="next"][href]');
  return {
    url: document.baseURI,
    title: document.title,
    robots: document.querySelector('meta[name="robots" i]')?.getAttribute('content') ?? '',
    next: next?.getAttribute('href') ?? null,
  };
}

/** Reads named attributes of every element that matches. */
export function readRows(recipe: {
  item: string;
  fields: Readonly<Record<string, { selector: string; attribute: string }>>;
}): Record<string, string | null>[] {
  return Array.from(document.querySelectorAll(recipe.item)).map((item) => {
    const row: Record<string, string | null> = {};
    for (const [name, { selector, attribute }] of Object.entries(recipe.fields)) {
      const element = selector === '' ? item : item.querySelector(selector);
      row[name] =
        attribute === 'text' ? (element?.innerText ?? null) : (element?.getAttribute(attribute) ?? null);
    }
    return row;
  });
}

/** A picture as the page holds it: everything that may say where a larger one is. */
export interface ShownPicture {
  /** What the browser shows now; empty when nothing. */
  src: string;
  srcsets: string[];
  /** Attributes whose name is not src or srcset and whose value may be an address: data-src, data-original, ... */
  lazy: Record<string, string>;
  /** Where a click leads. */
  link: string | null;
  alt: string | null;
  /** Pixels of the file, 0 until it is loaded. */
  naturalWidth: number;
  naturalHeight: number;
  /** Pixels on the page. */
  boxWidth: number;
  boxHeight: number;
}

/** Reads every picture of the page: img, picture, and backgrounds of boxes. */
export function readPictures(): ShownPicture[] {
  const lazyAttributes = (element: PageElement): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const { name, value } of Array.from(element.attributes))
      if (/^data-/.test(name) && value.length < 4096 && /[./]/.test(value)) found[name] = value;
    return found;
  };
  const shared = (element: PageElement): Pick<ShownPicture, 'link' | 'boxWidth' | 'boxHeight'> => {
    const { width, height } = element.getBoundingClientRect();
    const link = element.closest('a[href]')?.getAttribute('href') ?? null;
    return { link, boxWidth: Math.round(width), boxHeight: Math.round(height) };
  };
  const images = Array.from(document.querySelectorAll('img')).map((image) => {
    const parent = image.parentElement;
    const sources = parent?.tagName === 'PICTURE' ? Array.from(parent.children) : [image];
    return {
      ...shared(image),
      src: image.currentSrc || (image.getAttribute('src') ?? ''),
      srcsets: [...new Set([image, ...sources])].flatMap((source) =>
        ['srcset', 'data-srcset', 'data-lazy-srcset'].flatMap((name) => source.getAttribute(name) ?? []),
      ),
      lazy: lazyAttributes(image),
      alt: image.getAttribute('alt'),
      naturalWidth: image.naturalWidth ?? 0,
      naturalHeight: image.naturalHeight ?? 0,
    };
  });
  const boxes = Array.from(document.querySelectorAll('div, a, li, figure, section, article, span')).slice(
    0,
    10_000,
  );
  const backgrounds = boxes.flatMap((box) => {
    const src = /url\("?([^")]+)"?\)/.exec(getComputedStyle(box).backgroundImage)?.[1] ?? '';
    const lazy = lazyAttributes(box);
    const isLazy = Object.keys(lazy).some((name) => /^data-(bg|background)/.test(name));
    if (src === '' && !isLazy) return [];
    const alt = box.getAttribute('aria-label') ?? box.getAttribute('title');
    return [{ ...shared(box), src, srcsets: [], lazy, alt, naturalWidth: 0, naturalHeight: 0 }];
  });
  return [...images, ...backgrounds];
}

/** A text that is another one when the page moved or grew; empty while it is the one before. */
export function signature({ item, before }: { item: string; before: string }): string {
  let box = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2);
  while (box && box.scrollHeight <= box.clientHeight) box = box.parentElement;
  const root = document.documentElement;
  const numbers = [window.scrollY, root.scrollHeight, box?.scrollTop ?? 0, box?.scrollHeight ?? 0];
  const text = [...numbers.map(Math.round), document.querySelectorAll(item).length].join(' ');
  return text === before ? '' : text;
}

/** True when one of the selectors matches. */
export const isAnyThere = (selectors: readonly string[]): boolean =>
  selectors.some((selector) => document.querySelector(selector) !== null);
