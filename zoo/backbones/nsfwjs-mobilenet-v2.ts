import type { BackboneCard } from './card.js';

/**
 * MobileNetV2: Inverted Residuals and Linear Bottlenecks, arXiv 1801.04381.
 * Trained by the authors of https://github.com/GantMan/nsfw_model from ImageNet weights; nsfwjs publishes it with weights
 * rounded to 8 bits and feeds it RGB in 0..1, stretched to 224 x 224. As a trunk it does better on pictures that keep their
 * shape, so the centre is cropped: best tap 1 to 2 points, mean over taps 0.6 to 1.7 points (ridge, leave-one-out, on
 * flowers and Caltech photographs); the resampling filter made no difference.
 */
export const nsfwjsMobilenetV2: BackboneCard = {
  id: 'nsfwjs-mobilenet-v2',
  title: 'MobileNetV2 (nsfwjs)',
  family: 'MobileNetV2 1.0',
  licence: 'MIT',
  origin: 'nsfwjs@4.3.0',
  pretrainedOn: 'ImageNet, then about 60 GB of web pictures in five safety classes (nsfw_data_scraper)',
  weights: {
    kind: 'tfjs-layers',
    packageName: 'nsfwjs',
    packageFolder: 'dist/models/mobilenet_v2',
    bytes: 3600073,
    sha256: '6538192f6b4d73e4d62a4828f3836cbb7418120e3edeea38adf448e75642677c',
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
