import type { BackboneCard } from './card.js';
import { nsfwjsCard } from './nsfwjs.js';

/** MobileNetV2, arXiv 1801.04381, 1.4 times as wide. A graph model, which goes on from 0..1 to -1..1 by itself. */
export const nsfwjsMobilenetV2Mid: BackboneCard = nsfwjsCard({
  id: 'nsfwjs-mobilenet-v2-mid',
  family: 'MobileNetV2 1.4',
  side: 224,
  folder: 'mobilenet_v2_mid',
  kind: 'tfjs-graph',
  bytes: 5864553,
  sha256: '324cfe7eef527d72675538302fa48828e019885ad410cad47676f1a13b72faef',
});
