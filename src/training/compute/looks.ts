import {
  backbonesFolder,
  lookId,
  looksAt,
  seeOtherwise,
  type InstalledBackbone,
} from '../../../zoo/index.js';

/** The backbones as they see each picture in every other way that they can be shown it. */
export async function looksOf(
  installed: readonly InstalledBackbone[],
  cacheDir: string,
): Promise<InstalledBackbone[]> {
  const folder = backbonesFolder(cacheDir);
  const seen: InstalledBackbone[] = [];
  for (const backbone of installed)
    for (const look of await looksAt(backbone))
      seen.push(await seeOtherwise(backbone, lookId(backbone.card.id, look), folder));
  return seen;
}
