import type { BackboneCard } from './card.js';

/**
 * The MobileNetV3-Large trunk (Searching for MobileNetV3, arXiv 1905.02244) of a CenterNet detector (Objects as Points, arXiv
 * 1904.07850) by https://github.com/610265158/mobilenetv3_centernet, as @vladmandic/human ships it: weights as 16-bit floats,
 * RGB in 0..255 (src/object/centernet.ts there resizes and normalises nothing). The detector works at 512 x 512 to find small
 * things; for pictures of one thing its trunk, which is convolutional throughout, is fed at a quarter of these pixels: 320 was
 * no better for its price, and 0..1 or BGR were worse by 9 and 4 points (best tap, ridge, leave-one-out, 120 flowers). Cut at
 * the last activation before the up-sampling heads.
 */
export const humanCenternet: BackboneCard = {
  id: 'human-centernet',
  title: 'MobileNetV3 of a CenterNet detector (human)',
  family: 'MobileNetV3-Large',
  licence: 'MIT',
  origin: '@vladmandic/human@3.3.6',
  pretrainedOn: 'ImageNet, then COCO: 80 kinds of things to be found in photographs',
  weights: {
    kind: 'tfjs-graph',
    packageName: '@vladmandic/human',
    packageFolder: 'models',
    modelFile: 'centernet.json',
    bytes: 4231963,
    sha256: 'd82f7efbe2194b1638ba372759077a9f6d926aadec6a693f4af0af65e99f50a1',
    outputNode: 'tower_0/extern1/hard_swish/mul_1',
  },
  input: {
    width: 256,
    height: 256,
    layout: 'nhwc',
    channels: 'rgb',
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    resize: 'crop',
    kernel: 'linear',
  },
};
