import { contentBox, FRAME_TOLERANCE } from './border.js';
import { packDetail } from './detail.js';
import { type Box, type GreyImage, type RgbImage, thumbnail, toGrey } from './grey.js';
import { differenceHash, perceptualHash } from './hashes.js';
import { measureQuality, type Quality } from './measures.js';
import { overlaySignature } from './overlay.js';
import { textShare } from './text-share.js';
import { turnedHashes } from './turns.js';

/** What duplicates are found by, of the whole picture or of the part inside its plain border. */
export interface View {
  /** 64-bit DCT hash and 64-bit difference hash: 16 hexadecimal digits each. */
  readonly phash: string;
  readonly dhash: string;
  /** Coarse copy for confirming a match: base64, see `packDetail`. */
  readonly detail: string;
  /** Both hashes of the seven mirrored and turned copies, see `turnedHashes`; pictures inspected by older versions lack them. */
  readonly turns?: string;
}

/** Everything that is measured on pixels: on the thumbnail, but for `textShare`. */
export interface PixelMeasures extends Quality, View {
  /** The same without the plain border; null when there is none. */
  readonly inner: View | null;
  /** The same without a frame of one colour only, where that is not the same as `inner`; null elsewhere. Older records lack it. */
  readonly inFrame?: View | null;
  /** Share of the area that is inside the plain border: 1 when there is none. Older records lack it. */
  readonly contentShare?: number;
  /** Share of the area that lines of text cover, see `textShare`. Older records lack it. */
  readonly textShare?: number;
  /** What an overlay that repeats over many pictures is found by, see `overlaySignature`. Older records lack it. */
  readonly overlay?: string;
}

/** Longer side of the thumbnail everything is measured on: a quarter-size copy of a web picture still fills it. */
const THUMBNAIL_SIDE = 128;

function viewOf(image: RgbImage, grey: GreyImage, box: Box): View {
  return {
    phash: perceptualHash(grey, box),
    dhash: differenceHash(grey, box),
    detail: packDetail(image, grey, box),
    turns: turnedHashes(grey, box),
  };
}

const isSame = (a: Box, b: Box): boolean =>
  a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;

/** Hashes and quality measures of decoded pixels (upright, opaque, 8-bit sRGB). */
export function measurePixels(image: RgbImage): PixelMeasures {
  const small = thumbnail(image, THUMBNAIL_SIDE);
  const grey = toGrey(small);
  const whole: Box = { left: 0, top: 0, width: grey.width, height: grey.height };
  const box = contentBox(grey);
  const frame = contentBox(grey, FRAME_TOLERANCE);
  return {
    ...viewOf(small, grey, whole),
    inner: isSame(box, whole) ? null : viewOf(small, grey, box),
    inFrame: isSame(frame, whole) || isSame(frame, box) ? null : viewOf(small, grey, frame),
    contentShare: (box.width * box.height) / (whole.width * whole.height),
    ...measureQuality(small, grey),
    textShare: textShare(toGrey(image)),
    overlay: overlaySignature(grey),
  };
}
