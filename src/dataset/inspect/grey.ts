/** 8-bit grey picture, row-major: `data[y * width + x]`, 0 = black. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** 8-bit RGB picture, row-major and interleaved: `data[(y * width + x) * 3 + channel]`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A rectangle inside a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Luma of ITU-R BT.601 in 16-bit fixed point, so that every machine rounds alike. */
export function toGrey(image: RgbImage): GreyImage {
  const count = image.width * image.height;
  const data = new Uint8Array(count);
  const source = image.data;
  for (let i = 0, s = 0; i < count; i++, s += 3) {
    const sum = 19595 * (source[s] ?? 0) + 38470 * (source[s + 1] ?? 0) + 7471 * (source[s + 2] ?? 0);
    data[i] = (sum + 32768) >>> 16;
  }
  return { width: image.width, height: image.height, data };
}

/** The part of every source sample that falls into each of `cells` equal output cells. */
interface Coverage {
  readonly first: Int32Array;
  readonly end: Int32Array;
  /** Weights of the samples of one cell after those of the cell before; each cell's weights sum to 1. */
  readonly weights: Float64Array;
  readonly at: Int32Array;
}

function coverage(offset: number, length: number, cells: number): Coverage {
  const step = length / cells;
  const first = new Int32Array(cells);
  const end = new Int32Array(cells);
  const at = new Int32Array(cells);
  const weights: number[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const from = offset + cell * step;
    const to = Math.min(offset + length, from + step);
    first[cell] = Math.floor(from + 1e-9);
    end[cell] = Math.max((first[cell] ?? 0) + 1, Math.ceil(to - 1e-9));
    at[cell] = weights.length;
    for (let i = first[cell] ?? 0; i < (end[cell] ?? 0); i++) {
      weights.push((Math.min(to, i + 1) - Math.max(from, i)) / step);
    }
  }
  return { first, end, weights: Float64Array.from(weights), at };
}

/** Averages the columns of one source row into `out`, which holds `cells x channels` values. */
function averageRow(
  data: Uint8Array,
  rowStart: number,
  columns: Coverage,
  channels: number,
  out: Float64Array,
): void {
  const { first, end, weights, at } = columns;
  for (let x = 0; x < first.length; x++) {
    const from = first[x] as number;
    const to = end[x] as number;
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      let w = at[x] as number;
      for (let i = from; i < to; i++)
        sum += (data[rowStart + i * channels + c] as number) * (weights[w++] as number);
      out[x * channels + c] = sum;
    }
  }
}

function averageChannels(
  image: RgbImage | GreyImage,
  channels: number,
  width: number,
  height: number,
  box: Box,
): Float64Array {
  const columns = coverage(box.left, box.width, width);
  const rows = coverage(box.top, box.height, height);
  const lineLength = width * channels;
  const line = new Float64Array(lineLength);
  const out = new Float64Array(lineLength * height);
  for (let y = 0; y < height; y++) {
    let w = rows.at[y] as number;
    for (let row = rows.first[y] as number; row < (rows.end[y] as number); row++) {
      averageRow(image.data, row * image.width * channels, columns, channels, line);
      const weight = rows.weights[w++] as number;
      for (let i = 0; i < lineLength; i++)
        out[y * lineLength + i] = (out[y * lineLength + i] as number) + weight * (line[i] as number);
    }
  }
  return out;
}

const whole = (image: GreyImage | RgbImage): Box => ({
  left: 0,
  top: 0,
  width: image.width,
  height: image.height,
});

/**
 * Area-averages a box of the picture (the whole picture by default) to `width` x `height` values in 0..255, aspect
 * ignored. Averaging, not interpolation, because a hash must not see what a re-encode or a resize changes.
 */
export function areaAverage(
  image: GreyImage,
  width: number,
  height: number,
  box: Box = whole(image),
): Float64Array {
  return averageChannels(image, 1, width, height, box);
}

/** A copy whose longer side is at most `maxSide`, aspect kept; the picture itself when it is small enough. */
export function thumbnail(image: RgbImage, maxSide: number): RgbImage {
  const scale = maxSide / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return {
    width,
    height,
    data: Uint8Array.from(averageChannels(image, 3, width, height, whole(image)), Math.round),
  };
}
