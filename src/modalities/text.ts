import { chooseTextBackbones } from '../training/zoo.js';
import type { Modality } from './modality.js';

export const text: Modality = {
  id: 'text',
  noun: 'texts',
  accept: () => ({ kind: 'accepted', mime: 'text/plain' }),
  chooseBackbones: chooseTextBackbones,
};
