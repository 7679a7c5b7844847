import type { BackboneCard, GraphModelSource, LayersModelSource } from './card.js';

/** What differs between the three networks of nsfwjs. */
interface Network {
  readonly id: string;
  readonly family: string;
  /** Side of the square it looks at, in pixels. */
  readonly side: number;
  /** Folder under `dist/models` of the package. */
  readonly folder: string;
  readonly kind: (LayersModelSource | GraphModelSource)['kind'];
  readonly bytes: number;
  readonly sha256: string;
}

/** The safety classes, in the order of the networks' answers (src/nsfw_classes.ts of nsfwjs). */
const SAFETY_CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const;

/**
 * The card of a network of nsfwjs: trained by the authors of https://github.com/GantMan/nsfw_model from ImageNet weights,
 * published with weights rounded to 8 bits, and fed RGB in 0..1. nsfwjs stretches pictures, and so does whoever wants the
 * network's own answer. As trunks they do better on pictures that keep their shape, so the centre is cropped: best tap 1 to 2
 * points, mean over taps 0.6 to 1.7 points (ridge, leave-one-out, on flowers and Caltech photographs); the resampling filter
 * made no difference.
 */
export function nsfwjsCard({ id, family, side, folder, kind, bytes, sha256 }: Network): BackboneCard {
  return {
    id,
    title: `${family.replace(' 1.0', '')} (nsfwjs)`,
    family,
    licence: 'MIT',
    origin: 'nsfwjs@4.3.0',
    pretrainedOn: 'ImageNet, then about 60 GB of web pictures in five safety classes (nsfw_data_scraper)',
    weights: { kind, packageName: 'nsfwjs', packageFolder: `dist/models/${folder}`, bytes, sha256 },
    input: {
      width: side,
      height: side,
      layout: 'nhwc',
      channels: 'rgb',
      scale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: 'crop',
      kernel: 'linear',
    },
    classifier: { labels: SAFETY_CLASSES, resize: 'squish' },
  };
}
