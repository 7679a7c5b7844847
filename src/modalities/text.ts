import { defaultTextBackbones, textBackbones } from '../../zoo/index.js';
import { GraftError } from '../runs/errors.js';
import type { Modality } from './modality.js';

export const text: Modality = {
  id: 'text',
  noun: 'texts',
  accept: () => ({ kind: 'accepted', mime: 'text/plain' }),
  chooseBackbones(_env, ids) {
    const known = textBackbones.map(({ id }) => id);
    const unknown = ids.find((id) => !known.includes(id));
    if (unknown === undefined)
      return Promise.resolve(ids.length > 0 ? [...new Set(ids)] : [...defaultTextBackbones]);
    return Promise.reject(
      new GraftError({
        code: 'unknown-backbone',
        message: `There is no text backbone "${unknown}". Known: ${known.join(', ')}.`,
        fix: 'Leave --backbone out to search the usual ones.',
      }),
    );
  },
};
