import { z } from 'zod';

/** A result of the sample gallery. */
export interface GalleryResult {
  imageUrl: string;
  /** What the gallery planted there; null for a sound picture. */
  plant: string | null;
  /** Address of the original, for a copy. */
  copyOf: string | null;
}

const plantedSchema = z.object({
  results: z.array(
    z.object({ image_url: z.string(), plant: z.string().nullable(), copy_of: z.string().nullable() }),
  ),
});

/**
 * What the gallery planted among its results for a query. It tells anyone who asks, but crawlers stay away by its
 * robots.txt; this is the examiner's side.
 */
export async function askPlanted(
  baseUrl: string,
  query: string,
  signal: AbortSignal,
): Promise<GalleryResult[]> {
  const response = await fetch(`${baseUrl}/planted.json?${new URLSearchParams({ q: query }).toString()}`, {
    signal,
  });
  if (!response.ok) throw new Error(`${baseUrl}/planted.json answered ${response.status}`);
  const { results } = plantedSchema.parse(await response.json());
  return results.map(({ image_url, plant, copy_of }) => ({ imageUrl: image_url, plant, copyOf: copy_of }));
}
