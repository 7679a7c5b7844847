import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildPackagedModel, type PackagedModelParts } from '../graph/package-model.js';
import { copyClients } from './clients.js';
import { writeGolden, writeGoldenTexts, type GoldenPicture } from './golden.js';
import { modelCard } from './model-card.js';
import { takesText } from './package-input.js';
import { PACKAGE_FILES, PACKAGE_FORMAT, packageManifestSchema, type PackageManifest } from './manifest.js';

/** What a package is made of: the parts of its one model file, and the facts that go with it. */
export interface PackageParts extends Omit<PackagedModelParts, 'metadata'> {
  readonly graftVersion: string;
  readonly runId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly seed: number;
  readonly selected: PackageManifest['selected'];
  /** Confidence under which the answer should be "unknown"; null where it cannot be said. */
  readonly unknownBelow: number | null;
  /** Version of the data set; null where it has none. */
  readonly dataset: string | null;
  /** Test pictures that may be given away: the package brings them along to be tried with. */
  readonly golden: readonly GoldenPicture[];
  /** Pictures of each label. */
  readonly pictures: Readonly<Record<string, number>>;
  readonly learningCurve?: PackageManifest['learningCurve'];
  readonly diagnosis?: PackageManifest['diagnosis'];
}

const sha256Of = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

/** What a text package holds beside its model; null for pictures. */
const tokenizerOf = async ({ installed }: PackageParts): Promise<string | null> =>
  'tokenizerPath' in installed ? readFile(installed.tokenizerPath, 'utf8') : null;

/** How the input is made, and where the weights come from. */
function trunkFacts({ installed }: PackageParts, tokenizer: string | null) {
  if (!('tokenizerPath' in installed))
    return { input: installed.card.input, weightsSha256: installed.card.weights.sha256 };
  const packaged = { file: PACKAGE_FILES.tokenizer, sha256: sha256Of(tokenizer ?? '') };
  return { input: { ...installed.input, tokenizer: packaged }, weightsSha256: installed.sha256 };
}

function manifestOf(parts: PackageParts, model: Uint8Array, tokenizer: string | null): PackageManifest {
  const { card } = parts.installed;
  const { input, weightsSha256 } = trunkFacts(parts, tokenizer);
  const { graftVersion, runId, createdAt, seed, selected, temperature, labels, pictures } = parts;
  const { dataset, unknownBelow } = parts;
  return packageManifestSchema.parse({
    format: PACKAGE_FORMAT,
    graftVersion,
    runId,
    createdAt,
    seed,
    labels,
    model: {
      file: PACKAGE_FILES.model,
      sha256: sha256Of(model),
      bytes: model.length,
    },
    input,
    backbone: {
      id: card.id,
      title: card.title,
      licence: card.licence,
      origin: card.origin,
      pretrainedOn: card.pretrainedOn,
      weightsSha256,
    },
    selected: { ...selected, cost: { ...selected.cost, bytes: model.length } },
    temperature,
    unknownBelow,
    dataset,
    pictures,
    learningCurve: parts.learningCurve,
    diagnosis: parts.diagnosis,
  });
}

function preprocessOf(installed: PackageParts['installed']): string {
  if ('tokenizerPath' in installed) return JSON.stringify(installed.input);
  const { width, height, resize, cropShare, kernel } = installed.card.input;
  return JSON.stringify({
    ...{ width, height, resize, cropShare, kernel },
    background: '#ffffff',
    colour: 'sRGB',
  });
}

/** What the model file says of itself, for those who have nothing else. */
function metadataOf({
  graftVersion,
  runId,
  createdAt,
  dataset,
  installed,
}: PackageParts): Record<string, string> {
  const preprocess = preprocessOf(installed);
  return {
    graftVersion,
    runId,
    createdAt,
    preprocess,
    licence: installed.card.licence,
    ...(dataset ? { dataset } : {}),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a package into `folder`: whole, or not at all. A package that lies there already is replaced.
 *
 * @param check is called with the finished package before it takes its place; when it throws, nothing is put there.
 * @throws GraphError when the parts do not fit together.
 */
export async function writePackage(
  folder: string,
  parts: PackageParts,
  check: (draft: string) => Promise<void>,
): Promise<PackageManifest> {
  const model = buildPackagedModel({ ...parts, metadata: metadataOf(parts) });
  const tokenizer = await tokenizerOf(parts);
  const manifest = manifestOf(parts, model, tokenizer);
  const draft = `${folder}.${randomUUID()}.tmp`;
  await mkdir(draft, { recursive: true });
  try {
    const files: Record<string, string | Uint8Array> = {
      [PACKAGE_FILES.model]: model,
      [PACKAGE_FILES.labels]: json(manifest.labels),
      [PACKAGE_FILES.preprocess]: json(manifest.input),
      [PACKAGE_FILES.card]: modelCard(manifest),
      [PACKAGE_FILES.manifest]: json(manifest),
      ...(tokenizer === null ? {} : { [PACKAGE_FILES.tokenizer]: tokenizer }),
    };
    for (const [name, content] of Object.entries(files)) await writeDurably(path.join(draft, name), content);
    await (takesText(manifest.input) ? writeGoldenTexts(draft) : writeGolden(draft, parts.golden));
    await copyClients(draft, takesText(manifest.input) ? 'text' : 'image');
    await check(draft);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return manifest;
}
