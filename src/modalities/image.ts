import { sniffImageMime } from '../../crawlers/index.js';
import { chooseBackbones } from '../training/zoo.js';
import type { Modality } from './modality.js';

export const image: Modality = {
  id: 'image',
  noun: 'pictures',
  accept(bytes) {
    const mime = sniffImageMime(bytes);
    if (mime) return { kind: 'accepted', mime };
    return {
      kind: 'dropped',
      reason: 'not-an-image',
      detail: 'Its first bytes are of no known picture format',
    };
  },
  chooseBackbones,
};
