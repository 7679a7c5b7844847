import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { buildPackagedModel, type PackagedModelParts } from '../graph/package-model.js';
import { copyClients } from './clients.js';
import { writeGolden, type GoldenPicture } from './golden.js';
import { modelCard } from './model-card.js';
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

function manifestOf(parts: PackageParts, model: Uint8Array): PackageManifest {
  const { card } = parts.installed;
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
      sha256: createHash('sha256').update(model).digest('hex'),
      bytes: model.length,
    },
    input: card.input,
    backbone: {
      id: card.id,
      title: card.title,
      licence: card.licence,
      origin: card.origin,
      pretrainedOn: card.pretrainedOn,
      weightsSha256: card.weights.sha256,
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

/** What the model file says of itself, for those who have nothing else. */
function metadataOf({
  graftVersion,
  runId,
  createdAt,
  dataset,
  installed,
}: PackageParts): Record<string, string> {
  const { width, height, resize, cropShare, kernel } = installed.card.input;
  const preprocess = JSON.stringify({
    width,
    height,
    resize,
    cropShare,
    kernel,
    background: '#ffffff',
    colour: 'sRGB',
  });
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
  const manifest = manifestOf(parts, model);
  const draft = `${folder}.${randomUUID()}.tmp`;
  await mkdir(draft, { recursive: true });
  try {
    const files: Record<string, string | Uint8Array> = {
      [PACKAGE_FILES.model]: model,
      [PACKAGE_FILES.labels]: json(manifest.labels),
      [PACKAGE_FILES.preprocess]: json(manifest.input),
      [PACKAGE_FILES.card]: modelCard(manifest),
      [PACKAGE_FILES.manifest]: json(manifest),
    };
    for (const [name, content] of Object.entries(files)) await writeDurably(path.join(draft, name), content);
    await writeGolden(draft, parts.golden);
    await copyClients(draft);
    await check(draft);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return manifest;
}
