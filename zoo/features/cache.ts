import { createHash } from 'node:crypto';
import type { InstalledBackbone } from '../backbones/card.js';
import type { Tap } from '../graph/taps.js';
import type { Matrix } from '../matrix.js';
import { geometryKey } from '../preprocess/input-spec.js';
import { PREPROCESSING_VERSION } from '../preprocess/prepare.js';

/**
 * Kept features of one backbone over any number of pictures. A port: `openFeatureFolder` keeps them on disk; an
 * application may put object storage or a database behind it.
 */
export interface FeatureShelf {
  /** Those of the given pictures (sha256, hex) that are not kept yet, in order, each once. */
  missing(images: readonly string[]): string[];
  /**
   * Keeps the features of some pictures; all of them or, if the process dies, none. Pictures already kept are skipped.
   *
   * @param matrices one a tap, in the order of the shelf's taps; row i belongs to `images[i]`.
   */
  put(images: readonly string[], matrices: readonly Matrix[]): Promise<void>;
  /**
   * Reads one tap: row i belongs to `images[i]`.
   *
   * @throws ZooError naming a picture or tap that is not kept.
   */
  read(tap: string, images: readonly string[]): Promise<Matrix>;
}

/**
 * What features depend on besides the picture: weights and conversion (the installed file), preparation, and which tensors
 * are taken. Equal keys mean equal features; any change starts a new shelf.
 */
export function featureKey(installed: InstalledBackbone, taps: readonly Tap[] = installed.taps): string {
  const { card, sha256 } = installed;
  const { channels, scale, mean, std } = card.input;
  const tensors = taps.map(({ id, tensor, layout, channels, stride }) =>
    [id, tensor, layout, channels].concat(stride ?? []),
  );
  const parts = [sha256, PREPROCESSING_VERSION, geometryKey(card.input), channels, scale, mean, std, tensors];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${card.id}-${digest.slice(0, 24)}`;
}
