import type { BackboneCard } from './card.js';
import { nsfwjsCard } from './nsfwjs.js';

/** Rethinking the Inception Architecture for Computer Vision, arXiv 1512.00567. */
export const nsfwjsInceptionV3: BackboneCard = nsfwjsCard({
  id: 'nsfwjs-inception-v3',
  family: 'InceptionV3',
  side: 299,
  folder: 'inception_v3',
  kind: 'tfjs-layers',
  bytes: 29997085,
  sha256: 'd6bddb58a2b046dc11ed17247f8efc5ae8a5781f6b492aaf4fdd02e25c82ca91',
});
