import { readFile } from 'node:fs/promises';
import { ZooError } from '../errors.js';
import { IMAGE_INPUT, withImageInput } from '../graph/image-input.js';
import type { Model } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { renameAll } from '../graph/rename.js';
import { resample, type Resampling } from '../graph/resample.js';
import { prepend } from '../graph/surgery.js';
import { plainPixels, type InputSpec } from '../preprocess/input-spec.js';
import type { BackboneCard, InstalledBackbone } from './card.js';
import { writeByChecksum } from './write-whole.js';

const MARK = '@';

/** A picture that several backbones of different sizes can be shown: square, plain pixels. */
export interface CommonPicture {
  readonly resize: InputSpec['resize'];
  /** Pixels. */
  readonly side: number;
}

/** Id of a backbone that is shown a common picture in place of its own. */
export const viewId = (id: string, { resize, side }: CommonPicture): string => `${id}${MARK}${resize}${side}`;

/** The backbone that an id is a view of, and what it is shown; `picture` is null where it is shown its own. */
export function parseView(id: string): { base: string; picture: CommonPicture | null } {
  const [, base, resize, side] = /^(.+)@(crop|squish)(\d+)$/.exec(id) ?? [];
  if (base === undefined) return { base: id, picture: null };
  return { base, picture: { resize: resize as CommonPicture['resize'], side: Number(side) } };
}

type Fit = Pick<InputSpec, 'width' | 'height' | 'resize' | 'cropShare' | 'kernel'>;

/** How large a picture of nothing cut away is in which the card's own part has its own size. */
const wholeSide = ({ width, resize, cropShare = 1 }: Fit): number =>
  resize === 'crop' ? Math.round(width / cropShare) : width;

const isPlain = ({ input }: BackboneCard, { resize, side }: CommonPicture): boolean =>
  input.width === side &&
  input.resize === resize &&
  input.kernel === 'linear' &&
  (input.resize === 'squish' || (input.cropShare ?? 1) === 1);

/**
 * The ids under which backbones that are fitted alike (all cropped, or all stretched) see one picture, that of the largest: a group for
 * each way of fitting that has backbones of more than one kind. A backbone that sees that picture anyway keeps its id.
 */
export function commonViews(cards: readonly BackboneCard[]): string[][] {
  return (['crop', 'squish'] as const).flatMap((resize) => {
    const alike = cards.filter(({ input }) => input.resize === resize && input.width === input.height);
    const side = Math.max(...alike.map(({ input }) => wholeSide(input)));
    const ids = alike.map((card) =>
      isPlain(card, { resize, side }) ? card.id : viewId(card.id, { resize, side }),
    );
    return ids.length > 1 && ids.some((id) => id.includes(MARK)) ? [ids] : [];
  });
}

const OWN_STEPS = 'graft/image/';
const VIEW_STEPS = 'graft/view/';
const SMALL = `${VIEW_STEPS}small`;
const COMMON = `${VIEW_STEPS}picture`;

/** The network on float pixels of the common picture, its own taken from that. */
function shown(network: Model, { input }: BackboneCard, sizes: Resampling): Model {
  const plain = withImageInput(network, input);
  // Steps from pixels are put before it once more: these here must not be called the same.
  const own = (name: string): string => {
    if (name === IMAGE_INPUT) return SMALL;
    return name.startsWith(OWN_STEPS) ? `${VIEW_STEPS}${name.slice(OWN_STEPS.length)}` : name;
  };
  return prepend(renameAll(plain, own), resample(COMMON, SMALL, sizes), {
    name: COMMON,
    type: 'float32',
    dims: ['N', sizes.from, sizes.from, 3],
  });
}

/** Operations of both products, two a weight and pixel. */
const resamplingFlops = ({ from, to }: Resampling): number => 2 * 3 * (to * from * from + to * from * to);
const FLOAT_BYTES = 4;

/**
 * A backbone that is shown a larger picture than its own, and takes its own from that inside the network: so that backbones of
 * different sizes can be one network with one picture. The same taps, at the price of the resampling. The file is written beside the
 * installed ones, once.
 *
 * @param folder where installed backbones are kept
 * @throws ZooError when the card is not fitted as the picture is, or its part of the picture is larger than that
 */
export async function viewBackbone(
  installed: InstalledBackbone,
  picture: CommonPicture,
  folder: string,
): Promise<InstalledBackbone> {
  const { card, taps } = installed;
  const { resize, side } = picture;
  if (card.input.width !== card.input.height || card.input.resize !== resize || wholeSide(card.input) > side)
    throw new ZooError(`${card.id} cannot be shown a picture of ${side} pixels (${resize}).`);
  const span = resize === 'crop' ? side * (card.input.cropShare ?? 1) : side;
  const sizes = { from: side, span, to: card.input.width };
  const bytes = writeModel(shown(readModel(await readFile(installed.modelPath)), card, sizes));
  const { modelPath, sha256 } = await writeByChecksum(folder, 'view', bytes);
  const more = { flops: resamplingFlops(sizes), bytes: 2 * FLOAT_BYTES * sizes.from * sizes.to };
  return {
    ...installed,
    card: {
      ...card,
      id: viewId(card.id, picture),
      input: { ...plainPixels, width: side, height: side, resize, kernel: 'linear' },
    },
    modelPath,
    sha256,
    taps: taps.map((tap) => ({ ...tap, flops: tap.flops + more.flops, bytes: tap.bytes + more.bytes })),
    peakBytes: installed.peakBytes + FLOAT_BYTES * 3 * side * (side + card.input.width),
  };
}
