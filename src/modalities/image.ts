import { sniffImageMime } from '../../crawlers/index.js';
import { chooseBackbones, openZoo } from '../training/zoo.js';
import { wordings, type Modality } from './modality.js';

export const image: Modality = {
  id: 'image',
  wording: wordings.image,
  accept(bytes) {
    const mime = sniffImageMime(bytes);
    if (mime) return { kind: 'accepted', mime };
    return {
      kind: 'dropped',
      reason: 'not-an-image',
      detail: 'Its first bytes are of no known picture format',
    };
  },
  openZoo,
  chooseBackbones,
};
