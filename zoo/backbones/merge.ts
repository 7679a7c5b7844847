import { readFile } from 'node:fs/promises';
import { ZooError } from '../errors.js';
import { IMAGE_INPUT, withImageInput } from '../graph/image-input.js';
import type { Model } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { canBeRenamed, renameAll } from '../graph/rename.js';
import { memberTap, type Tap } from '../graph/taps.js';
import { geometryKey, plainPixels } from '../preprocess/input-spec.js';
import type { BackboneCard, InstalledBackbone } from './card.js';
import { writeByChecksum } from './write-whole.js';

const JOIN = '+';

/** Id of several backbones that are one network. */
export const ensembleId = (ids: readonly string[]): string => ids.join(JOIN);

/** Ids of the backbones that an id stands for: one, unless it is an ensemble's. */
export const memberIds = (id: string): readonly string[] => id.split(JOIN);

const PICTURE = 'picture';

const modelOf = async ({ modelPath }: InstalledBackbone): Promise<Model> =>
  readModel(await readFile(modelPath));

/** What two networks must share to be in one file; null for one that cannot be with any other. */
function bond({ card }: InstalledBackbone, network: Model): string | null {
  if (!canBeRenamed(network)) return null;
  const { opsets, irVersion } = network;
  const sets = Object.entries(opsets).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([geometryKey(card.input), irVersion, sets]);
}

/**
 * The backbones that can be one network: alike in the picture they want (its size, how it is fitted and by which filter) and in the
 * operators they are written in. Groups of one are left out.
 */
export async function mergeable(installed: readonly InstalledBackbone[]): Promise<string[][]> {
  const groups = new Map<string, string[]>();
  for (const backbone of installed) {
    const key = bond(backbone, await modelOf(backbone));
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), backbone.card.id]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** A network that reads plain pixels, all of its names its own but for the picture. */
function branchOf({ card }: InstalledBackbone, network: Model): Model {
  const model = withImageInput(network, card.input);
  return renameAll(model, (name) => (name === IMAGE_INPUT ? PICTURE : memberTap(card.id, name)));
}

function join(branches: readonly Model[], { height, width }: BackboneCard['input'], end: string): Model {
  const [first] = branches as [Model];
  return {
    ...first,
    nodes: branches.flatMap(({ nodes }) => nodes),
    constants: new Map(branches.flatMap(({ constants }) => [...constants])),
    inputs: [{ name: PICTURE, type: 'float32', dims: ['N', height, width, 3] }],
    outputs: [{ name: end, type: null, dims: [] }],
    metadata: {},
  };
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

function cardOf(
  members: readonly InstalledBackbone[],
  file: { path: string; bytes: number; sha256: string },
) {
  const cards = members.map(({ card }) => card);
  const [{ input }] = cards as [BackboneCard];
  const card: BackboneCard = {
    id: ensembleId(cards.map(({ id }) => id)),
    title: cards.map(({ title }) => title).join(' and '),
    family: 'Ensemble',
    licence: distinct(cards.map(({ licence }) => licence)).join(' AND '),
    origin: distinct(cards.map(({ origin }) => origin)).join('; '),
    pretrainedOn: distinct(cards.map(({ pretrainedOn }) => pretrainedOn)).join(' '),
    weights: { kind: 'onnx-file', ...file },
    // Each branch scales and orders the channels of the pixels for itself.
    input: { ...input, ...plainPixels },
  };
  return card;
}

const tapsOf = (members: readonly InstalledBackbone[]): Tap[] =>
  members
    .flatMap(({ card, taps }) =>
      taps.map((tap) => ({ ...tap, id: memberTap(card.id, tap.id), tensor: memberTap(card.id, tap.tensor) })),
    )
    .map((tap, index) => ({ ...tap, index }));

/**
 * Several backbones as one that has the taps of all of them: one picture in, each branch with its own normalisation. The file is written
 * beside the installed ones, once.
 *
 * @param folder where installed backbones are kept
 * @throws ZooError when they want different pictures or are written in different operators
 */
export async function mergeBackbones(
  members: readonly InstalledBackbone[],
  folder: string,
): Promise<InstalledBackbone> {
  const [first] = members as [InstalledBackbone];
  const ids = members.map(({ card }) => card.id);
  const models = await Promise.all(members.map(modelOf));
  const bonds = new Set(members.map((member, i) => bond(member, models[i] as Model)));
  if (bonds.size !== 1 || bonds.has(null))
    throw new ZooError(
      `${ids.join(' and ')} want different pictures or operators: they cannot be one network.`,
    );
  const branches = members.map((member, i) => branchOf(member, models[i] as Model));
  const taps = tapsOf(members);
  const bytes = writeModel(join(branches, first.card.input, taps.at(-1)?.tensor ?? ''));
  const { modelPath, sha256 } = await writeByChecksum(folder, 'ensemble', bytes);
  const peakBytes = members.reduce((sum, member) => sum + member.peakBytes, 0);
  const card = cardOf(members, { path: modelPath, bytes: bytes.length, sha256 });
  return { card, modelPath, taps, peakBytes, sha256 };
}
