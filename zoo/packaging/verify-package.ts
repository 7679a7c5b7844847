import { PackageMismatchError } from './errors.js';
import { openPackage } from './open-package.js';

/** Probabilities may differ by this much: other operators add up in another order. */
export const PACKAGE_TOLERANCE = 1e-4;

/**
 * Lets a packaged model prove itself: it must reproduce, from the bytes of pictures, the probabilities that the search
 * computed from its features. This catches what peers' users complain of most, a preprocessing or a cut that differs.
 *
 * @param expected one row of probabilities a picture, in the order of the labels.
 * @returns the largest difference seen, and sketches of the pictures' embeddings.
 * @throws PackageMismatchError
 */
export async function verifyPackage(
  folder: string,
  pictures: readonly Uint8Array[],
  expected: readonly Float32Array[],
): Promise<{ readonly largest: number; readonly sketches: (Float32Array | null)[] }> {
  const model = await openPackage(folder);
  try {
    const looks = await model.look(await Promise.all(pictures.map((picture) => model.prepare(picture))));
    let largest = 0;
    looks.forEach(({ row }, i) => {
      row.forEach((share, c) => {
        const difference = Math.abs(share - (expected[i]?.[c] ?? Number.NaN));
        largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
      });
    });
    if (largest > PACKAGE_TOLERANCE) throw new PackageMismatchError(largest, PACKAGE_TOLERANCE);
    return { largest, sketches: looks.map(({ sketch }) => sketch) };
  } finally {
    await model.close();
  }
}
