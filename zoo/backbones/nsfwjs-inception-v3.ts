import type { BackboneCard } from './card.js';

/**
 * Rethinking the Inception Architecture for Computer Vision, arXiv 1512.00567.
 * Trained by the authors of https://github.com/GantMan/nsfw_model from ImageNet weights; nsfwjs publishes it with weights
 * rounded to 8 bits and feeds it RGB in 0..1, stretched to 299 x 299. As a trunk it does better on pictures that keep their
 * shape, so the centre is cropped: best tap 1 to 2 points, mean over taps 0.6 to 1.7 points (ridge, leave-one-out, on
 * flowers and Caltech photographs); the resampling filter made no difference.
 */
export const nsfwjsInceptionV3: BackboneCard = {
  id: 'nsfwjs-inception-v3',
  title: 'InceptionV3 (nsfwjs)',
  family: 'InceptionV3',
  licence: 'MIT',
  origin: 'nsfwjs@4.3.0',
  pretrainedOn: 'ImageNet, then about 60 GB of web pictures in five safety classes (nsfw_data_scraper)',
  weights: {
    kind: 'tfjs-layers',
    packageName: 'nsfwjs',
    packageFolder: 'dist/models/inception_v3',
    bytes: 29997085,
    sha256: 'd6bddb58a2b046dc11ed17247f8efc5ae8a5781f6b492aaf4fdd02e25c82ca91',
  },
  input: {
    width: 299,
    height: 299,
    layout: 'nhwc',
    channels: 'rgb',
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    resize: 'crop',
    kernel: 'linear',
  },
};
