import type { Box, GreyImage } from './grey.js';

/** Grey levels by which a border may differ from its own corner: compression rings, and a scan is never quite even. */
const TOLERANCE = 12;
/** The same for a frame that was drawn: what it frames may be nearly of its colour, a vase on a dark ground in a black frame. */
export const FRAME_TOLERANCE = 4;
/** A border may take at most this share of either side; beyond it "the rest" is too little to compare. */
const MAX_TRIMMED_SHARE = 0.7;

/** Whether `count` samples from `start`, `step` apart, are all close to `level` (one in fifty may stray: compression rings). */
function isPlain(
  image: GreyImage,
  start: number,
  step: number,
  count: number,
  level: number,
  tolerance: number,
): boolean {
  let strays = Math.floor(count / 50);
  for (let i = 0; i < count; i++) {
    if (Math.abs((image.data[start + i * step] as number) - level) > tolerance && strays-- === 0)
      return false;
  }
  return true;
}

/** How many lines from one end on are plain; line 0 is that end. One more where some are: the edge is a blend of both. */
function plainLines(count: number, isPlainLine: (line: number) => boolean): number {
  let lines = 0;
  while (lines < count && isPlainLine(lines)) lines++;
  return lines === 0 ? 0 : lines + 1;
}

/**
 * The picture without its plain border (frame, letterbox, margin around a cut-out). A border is rows and columns of the
 * colour of the top-left corner, or of the bottom-right one. Nothing is trimmed when too little would be left.
 * @param tolerance grey levels by which a border may differ from its corner
 */
export function contentBox(image: GreyImage, tolerance = TOLERANCE): Box {
  const { width, height, data } = image;
  const near = data[0] as number;
  const far = data[width * height - 1] as number;
  const plainRow = (y: number, level: number): boolean =>
    isPlain(image, y * width, 1, width, level, tolerance);
  const plainColumn = (x: number, level: number): boolean =>
    isPlain(image, x, width, height, level, tolerance);
  const top = plainLines(height, (line) => plainRow(line, near));
  const left = plainLines(width, (line) => plainColumn(line, near));
  const bottom = plainLines(height, (line) => plainRow(height - 1 - line, far));
  const right = plainLines(width, (line) => plainColumn(width - 1 - line, far));
  const box: Box = { left, top, width: width - left - right, height: height - top - bottom };
  const enough =
    box.width >= width * (1 - MAX_TRIMMED_SHARE) && box.height >= height * (1 - MAX_TRIMMED_SHARE);
  return enough && box.width >= 8 && box.height >= 8 ? box : { left: 0, top: 0, width, height };
}
