/** What a network expects of a picture. It travels with the weights, from the card into the package. */
export interface InputSpec {
  /** Size of the network's input, in pixels. */
  width: number;
  height: number;
  /** Order of axes of the float input. */
  layout: 'nhwc' | 'nchw';
  /** Order of colour channels of the float input. */
  channels: 'rgb' | 'bgr';
  /** The float input is `(x * scale - mean[c]) / std[c]`, x in 0..255, c in the order of `channels`. */
  scale: number;
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
  /** `squish` stretches the whole picture; `crop` keeps its shape and takes the centre. */
  resize: 'squish' | 'crop';
  /**
   * For `crop`: the side of the crop as a share of the shorter side, 1 where left out. 0.875 is the usual
   * "short side to 256, centre 224".
   */
  cropShare?: number;
  /** Resampling filter; reductions are always antialiased. */
  kernel: 'cubic' | 'linear' | 'lanczos3';
}

/** Of a network that is given pixels as they are: red, green and blue from 0 to 255, whatever it makes of them inside. */
export const plainPixels = {
  layout: 'nhwc',
  channels: 'rgb',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
} as const satisfies Partial<InputSpec>;

/** The part of an InputSpec that decides the pixels: two specs with the same geometry share one prepared picture. */
export type Geometry = Pick<InputSpec, 'width' | 'height' | 'resize' | 'cropShare' | 'kernel'>;

/** A stable text for a geometry, fit as a map or cache key. */
export function geometryKey(geometry: Geometry): string {
  const { width, height, resize, kernel } = geometry;
  const share = resize === 'crop' ? `@${geometry.cropShare ?? 1}` : '';
  return `${width}x${height}-${resize}${share}-${kernel}`;
}
