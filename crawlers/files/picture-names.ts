/** Endings of picture files; what is inside is judged by its bytes later. */
const PICTURE = /\.(jpe?g|jfif|png|webp|gif|avif|tiff?|bmp|heic|heif|svg)$/i;

/** Files that archivers and desktops add and nobody means. */
const CLUTTER = /(^|\/)(__MACOSX\/|\.|Thumbs\.db$)/;

/** True for a path, with '/', that looks like a picture somebody put there. */
export const looksLikePicture = (path: string): boolean => PICTURE.test(path) && !CLUTTER.test(path);

/** Code-unit order: the same on every machine and in every language. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
