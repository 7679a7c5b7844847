import { chooseTextBackbones, openTextZoo } from '../training/zoo.js';
import { wordings, type Modality } from './modality.js';

export const text: Modality = {
  id: 'text',
  wording: wordings.text,
  accept: () => ({ kind: 'accepted', mime: 'text/plain' }),
  openZoo: openTextZoo,
  chooseBackbones: chooseTextBackbones,
};
