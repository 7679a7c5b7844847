import { OVERLAY_CELLS, unpackOverlay } from '../inspect/overlay.js';

/** A picture, as far as an overlay that repeats can be told from it. */
export interface OverlayPicture {
  readonly id: string;
  /** Pictures of one source are compared with one another: a site, say. */
  readonly source: string;
  /** See `overlaySignature`. */
  readonly overlay: string;
}

/** An overlay is the same in so many pictures that chance is out of the question. */
const MIN_PICTURES = 24;
/** Standard deviations that the agreement of a cell must lie from chance. */
const MIN_Z = 4;
/** Mean sign of a cell over all pictures of the source, and in how many it must be other than 0. */
const MIN_MEAN = 0.4;
const MIN_SIGNS = 8;
/** So many cells make an overlay: of photographs of one motif without any, one cell was the most. */
const MIN_CELLS = 10;

/** Sums of the signs and of their squares, by cell. */
interface Sums {
  readonly pictures: number;
  readonly signs: Int32Array;
  readonly squares: Int32Array;
}

function sumUp(pictures: readonly OverlayPicture[]): Sums {
  const signs = new Int32Array(OVERLAY_CELLS);
  const squares = new Int32Array(OVERLAY_CELLS);
  for (const { overlay } of pictures) {
    unpackOverlay(overlay).forEach((sign, cell) => {
      signs[cell]! += sign;
      squares[cell]! += sign * sign;
    });
  }
  return { pictures: pictures.length, signs, squares };
}

/** The sign that the overlay has in a cell, 0 where it has none; a picture's own part can be left out of the sums. */
function overlayAt({ pictures, signs, squares }: Sums, cell: number, own?: number): number {
  const sum = (signs[cell] as number) - (own ?? 0);
  const count = (squares[cell] as number) - Math.abs(own ?? 0);
  if (count < MIN_SIGNS || Math.abs(sum) < MIN_Z * Math.sqrt(count)) return 0;
  const others = own === undefined ? pictures : pictures - 1;
  return Math.abs(sum) < MIN_MEAN * others ? 0 : Math.sign(sum);
}

/** Mean agreement of a picture with the overlay of all others, -1..1; 0 where they have none. */
function agreement(sums: Sums, overlay: string): number {
  let [cells, agreeing] = [0, 0];
  unpackOverlay(overlay).forEach((own, cell) => {
    const sign = overlayAt(sums, cell, own);
    cells += Math.abs(sign);
    agreeing += own * sign;
  });
  return cells < MIN_CELLS ? 0 : agreeing / cells;
}

function hasOverlay(sums: Sums): boolean {
  let cells = 0;
  for (let cell = 0; cell < OVERLAY_CELLS; cell++) cells += Math.abs(overlayAt(sums, cell));
  return cells >= MIN_CELLS;
}

/**
 * How far each picture shows an overlay that repeats over the pictures of its source, as watermarks do: 1 = in every cell of it.
 * Pictures of sources without one are left out. The idea that what repeats is the mark: Dekel et al. 2017, "On the effectiveness of
 * visible watermarks"; here signs of small differences are counted, so that strong edges of a few pictures weigh no more than others.
 */
export function findOverlays(pictures: readonly OverlayPicture[]): Map<string, number> {
  const bySource = new Map<string, OverlayPicture[]>();
  for (const picture of pictures) {
    const own = bySource.get(picture.source) ?? [];
    own.push(picture);
    bySource.set(picture.source, own);
  }
  const found = new Map<string, number>();
  for (const own of bySource.values()) {
    if (own.length < MIN_PICTURES) continue;
    const sums = sumUp(own);
    if (!hasOverlay(sums)) continue;
    for (const { id, overlay } of own) found.set(id, agreement(sums, overlay));
  }
  return found;
}
