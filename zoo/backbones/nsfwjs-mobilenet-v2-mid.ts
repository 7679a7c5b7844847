import type { BackboneCard } from './card.js';

/**
 * MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv 1801.04381, 1.4 times as wide.
 * Trained by the authors of https://github.com/GantMan/nsfw_model; nsfwjs publishes it as a graph model with weights rounded to
 * 8 bits and feeds it RGB in 0..1 at 224 x 224 (the graph itself goes on to -1..1). The centre is cropped for the same reason as
 * in the other two.
 */
export const nsfwjsMobilenetV2Mid: BackboneCard = {
  id: 'nsfwjs-mobilenet-v2-mid',
  title: 'MobileNetV2 1.4 (nsfwjs)',
  family: 'MobileNetV2 1.4',
  licence: 'MIT',
  origin: 'nsfwjs@4.3.0',
  pretrainedOn: 'ImageNet, then about 60 GB of web pictures in five safety classes (nsfw_data_scraper)',
  weights: {
    kind: 'tfjs-graph',
    packageName: 'nsfwjs',
    packageFolder: 'dist/models/mobilenet_v2_mid',
    bytes: 5864553,
    sha256: '324cfe7eef527d72675538302fa48828e019885ad410cad47676f1a13b72faef',
  },
  input: {
    width: 224,
    height: 224,
    layout: 'nhwc',
    channels: 'rgb',
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    resize: 'crop',
    kernel: 'linear',
  },
};
