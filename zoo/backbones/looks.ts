import { readFile } from 'node:fs/promises';
import { ZooError } from '../errors.js';
import { IMAGE_INPUT, withImageInput } from '../graph/image-input.js';
import { floats, ints, node, type GraphNode, type Model, type Tensor } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { pool } from '../graph/pooling.js';
import { canBeRenamed, renameAll } from '../graph/rename.js';
import { resample } from '../graph/resample.js';
import { append, type Addition } from '../graph/surgery.js';
import type { Tap } from '../graph/taps.js';
import { plainPixels, type InputSpec } from '../preprocess/input-spec.js';
import type { InstalledBackbone } from './card.js';
import { writeByChecksum } from './write-whole.js';

/** Ways to look at a picture other than as it is: mirrored, left and right changed over; its centre, enlarged to the whole. */
export const LOOKS = ['mirror', 'centre'] as const;
export type Look = (typeof LOOKS)[number];

const OWN = 'own';
/** Share of a side that the centre has: that of the usual crop of ImageNet networks, 224 of 256 pixels. */
const CENTRE_SHARE = 0.875;

/** Id of a backbone that is shown pictures in one other way alone. */
export const lookId = (id: string, look: Look): string => `${id}@${look}`;

/** Id of a backbone whose features are the mean over a picture as it is and other looks at it. */
export const meanLookId = (id: string, looks: readonly Look[]): string =>
  `${id}@${[OWN, ...looks].join('-')}`;

/** What an id says of how pictures are seen; `own` where they are (also) seen as they are. */
export function parseLooks(id: string): { base: string; own: boolean; looks: readonly Look[] } {
  const [, base, list] = /^(.+)@((?:own|mirror|centre)(?:-(?:mirror|centre))*)$/.exec(id) ?? [];
  if (base === undefined || list === undefined) return { base: id, own: true, looks: [] };
  const parts = list.split('-');
  return { base, own: parts.includes(OWN), looks: LOOKS.filter((look) => parts.includes(look)) };
}

const networkOf = async ({ modelPath }: InstalledBackbone): Promise<Model> =>
  readModel(await readFile(modelPath));

function looksOf({ card: { input } }: InstalledBackbone, network: Model): readonly Look[] {
  if (!canBeRenamed(network)) return [];
  return input.width === input.height ? LOOKS : ['mirror'];
}

/** The looks that a backbone can be given: none where its network cannot be taken apart, no centre where its picture is not square. */
export const looksAt = async (installed: InstalledBackbone): Promise<readonly Look[]> =>
  looksOf(installed, await networkOf(installed));

const PREFIX = 'graft/look';
const PICTURE = `${PREFIX}/picture`;

type Seen = Look | typeof OWN;

const pictureOf = (look: Seen): string => (look === OWN ? PICTURE : `${PREFIX}/${look}/picture`);

/** Steps from the picture, float32 [N, height, width, 3], to another look at it. */
function stepsTo(look: Seen, { width }: InputSpec): Addition {
  if (look === OWN) return { nodes: [], constants: [] };
  if (look === 'centre')
    return resample(PICTURE, pictureOf(look), { from: width, span: CENTRE_SHARE * width, to: width });
  const order = ints(`${pictureOf(look)}/order`, [...Array(width).keys()].reverse());
  return { nodes: [node('Gather', [PICTURE, order.name], pictureOf(look), { axis: 2 })], constants: [order] };
}

/** The network as it sees one look, each tap pooled under `pooledName`. Its constants keep their names: all looks share them. */
function branch(network: Model, { card, taps }: InstalledBackbone, look: Seen): Model {
  const model = withImageInput(network, card.input);
  const own = (name: string): string => {
    if (model.constants.has(name)) return name;
    return name === IMAGE_INPUT ? pictureOf(look) : `${PREFIX}/${look}/${name}`;
  };
  return taps.reduce(
    (all, tap) => append(all, pool(all, { ...tap, tensor: own(tap.tensor) }, pooledName(look, tap))),
    renameAll(model, own),
  );
}

const pooledName = (look: Seen, { id }: Tap): string => `${PREFIX}/${look}/pooled/${id}`;
const meanName = ({ id }: Tap): string => `${PREFIX}/mean/${id}`;

function meanOver(looks: readonly Seen[], taps: readonly Tap[]): Addition {
  const share = floats(`${PREFIX}/share`, [], [1 / looks.length]);
  const nodes = taps.flatMap((tap): GraphNode[] => {
    const parts = looks.map((look) => pooledName(look, tap));
    return [
      node('Sum', parts, `${meanName(tap)}/sum`),
      node('Mul', [`${meanName(tap)}/sum`, share.name], meanName(tap)),
    ];
  });
  return { nodes, constants: [share] };
}

function seen(network: Model, installed: InstalledBackbone, looks: readonly Seen[]): Model {
  const { card, taps } = installed;
  const { width, height } = card.input;
  const parts = looks.map((look) => ({
    steps: stepsTo(look, card.input),
    model: branch(network, installed, look),
  }));
  const constants = new Map<string, Tensor>(
    parts.flatMap(({ steps, model }) => [
      ...steps.constants.map((tensor): [string, Tensor] => [tensor.name, tensor]),
      ...model.constants,
    ]),
  );
  const model: Model = {
    ...network,
    nodes: parts.flatMap((part) => [...part.steps.nodes, ...part.model.nodes]),
    constants,
    inputs: [{ name: PICTURE, type: 'float32', dims: ['N', height, width, 3] }],
    outputs: taps.slice(-1).map((tap) => ({ name: meanName(tap), type: null, dims: [] })),
    metadata: {},
  };
  return append(model, meanOver(looks, taps));
}

/**
 * A backbone that sees pictures otherwise, by what its id says: mirrored or their centre alone, or the mean of features over several looks
 * at the same picture. Its taps are the backbone's, pooled inside the network; weights are in the file once, each look is a pass of its
 * own. The file is written beside the installed ones, once.
 *
 * @param id as `lookId` and `meanLookId` make it
 * @param folder where installed backbones are kept
 * @throws ZooError when the network cannot be taken apart, or is to see the centre of a picture that is not square
 */
export async function seeOtherwise(
  installed: InstalledBackbone,
  id: string,
  folder: string,
): Promise<InstalledBackbone> {
  const { own, looks } = parseLooks(id);
  const network = await networkOf(installed);
  const possible = looksOf(installed, network);
  const impossible = looks.find((look) => !possible.includes(look));
  if (impossible !== undefined)
    throw new ZooError(`${installed.card.id} cannot be shown pictures in another way (${impossible}).`);
  const all: Seen[] = [...(own ? ([OWN] as const) : []), ...looks];
  const bytes = writeModel(seen(network, installed, all));
  const { modelPath, sha256 } = await writeByChecksum(folder, 'looks', bytes);
  const { card } = installed;
  return {
    card: { ...card, id, input: { ...card.input, ...plainPixels } },
    modelPath,
    sha256,
    peakBytes: all.length * installed.peakBytes,
    taps: installed.taps.map(({ pooling: _pooled, stride: _stride, side: _side, ...tap }) => ({
      ...tap,
      tensor: meanName(tap),
      layout: 'vector',
      flops: all.length * tap.flops,
    })),
  };
}
