/** Everything about models: backbones, taps, features, heads, search, packages. The only file imported from outside. */
export * from './errors.js';
export type { Matrix } from './matrix.js';
export { takeRows } from './matrix.js';
export type { Rng } from './rng.js';
export { createRng } from './rng.js';

// Pictures
export type { DecodedImage, DecodeLimits, ImageMeta, RgbPixels } from './preprocess/decode.js';
export { decodeImage, defaultDecodeLimits, readMeta } from './preprocess/decode.js';
export type { Geometry, InputSpec } from './preprocess/input-spec.js';
export { geometryKey } from './preprocess/input-spec.js';
export type { OpenedImage } from './preprocess/prepare.js';
export { decodeOnce, prepareImage, prepareImages, PREPROCESSING_VERSION } from './preprocess/prepare.js';
export { rasteriseSvg, reencodeImage } from './preprocess/rasterise.js';
export type { SniffedFormat } from './preprocess/sniff.js';
export { sniffFormat } from './preprocess/sniff.js';

// Native runtime
export type { OnnxSession, SessionOptions, TensorValue } from './runtimes/onnx.js';
export { openSession } from './runtimes/onnx.js';
export type { ProviderProbe } from './runtimes/probe-providers.js';
export { probeProviders } from './runtimes/probe-providers.js';
