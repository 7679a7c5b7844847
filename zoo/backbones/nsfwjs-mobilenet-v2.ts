import type { BackboneCard } from './card.js';
import { nsfwjsCard } from './nsfwjs.js';

/** MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv 1801.04381. */
export const nsfwjsMobilenetV2: BackboneCard = nsfwjsCard({
  id: 'nsfwjs-mobilenet-v2',
  family: 'MobileNetV2 1.0',
  side: 224,
  folder: 'mobilenet_v2',
  kind: 'tfjs-layers',
  bytes: 3600073,
  sha256: '6538192f6b4d73e4d62a4828f3836cbb7418120e3edeea38adf448e75642677c',
});
