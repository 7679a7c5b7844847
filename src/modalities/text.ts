import { chooseTextBackbones } from '../training/zoo.js';
import { wordings, type Modality } from './modality.js';

export const text: Modality = {
  id: 'text',
  wording: wordings.text,
  accept: () => ({ kind: 'accepted', mime: 'text/plain' }),
  chooseBackbones: chooseTextBackbones,
};
