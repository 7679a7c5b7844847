import type { Wording, Zoo } from '../../zoo/index.js';
import type { ZooEnv } from '../training/zoo.js';

/** What a project tells apart. */
export const MODALITIES = ['image', 'text'] as const;
export type ModalityId = (typeof MODALITIES)[number];

/** How messages and reports speak of each. */
export const wordings: Readonly<Record<ModalityId, Wording>> = {
  image: {
    one: 'picture',
    many: 'pictures',
    moreFrom: 'other queries, other providers (--provider), or your own',
    ownBackbone: 'add one trained on pictures like these (graft zoo add FILE.onnx)',
  },
  text: {
    one: 'text',
    many: 'texts',
    moreFrom: 'label more of your own',
    ownBackbone: 'bring more unlabelled texts of the kind for word vectors to learn from (--unlabelled)',
  },
};

/** Whether the bytes of an own file are what the project is about. */
export type Acceptance =
  | { readonly kind: 'accepted'; readonly mime: string }
  | { readonly kind: 'dropped'; readonly reason: string; readonly detail: string };

/** The backbones of a modality. */
export interface SearchedZoo extends Pick<Zoo, 'defaults' | 'warnings'> {
  readonly entries: readonly { readonly card: { readonly id: string } }[];
}

/**
 * What differs between pictures and texts outside the model work (that is `training/compute/modal-work.ts`). Everything else, from the
 * records over split, search and selection to the registry, does not ask what it works on.
 */
export interface Modality {
  readonly id: ModalityId;
  readonly wording: Wording;
  readonly accept: (bytes: Uint8Array) => Acceptance;
  /** What there is to search, and what went wrong without harm. @throws GraftError */
  readonly openZoo: (env: ZooEnv) => Promise<SearchedZoo>;
  /** The backbones a run is to search; all usual ones where none are named. @throws GraftError for an unknown one */
  readonly chooseBackbones: (env: ZooEnv, ids: readonly string[]) => Promise<string[]>;
}
