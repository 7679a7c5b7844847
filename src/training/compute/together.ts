import {
  backbonesFolder,
  commonViews,
  mergeable,
  parseView,
  viewBackbone,
  type InstalledBackbone,
} from '../../../zoo/index.js';

/** Which backbones can be one network. */
export interface Together {
  /** Ids of backbones and views, in groups. */
  readonly groups: readonly (readonly string[])[];
  /** Backbones shown a picture that is not their own, so that they fit into a group. */
  readonly views: readonly InstalledBackbone[];
}

export const NOT_TOGETHER: Together = { groups: [], views: [] };

/** Backbones that can be one network, those of different sizes by way of one picture for all. */
export async function togetherOf(
  installed: readonly InstalledBackbone[],
  cacheDir: string,
): Promise<Together> {
  const folder = backbonesFolder(cacheDir);
  const views: InstalledBackbone[] = [];
  for (const id of commonViews(installed.map(({ card }) => card)).flat()) {
    const { base, picture } = parseView(id);
    const own = installed.find(({ card }) => card.id === base);
    if (own && picture) views.push(await viewBackbone(own, picture, folder));
  }
  const groups = await mergeable([...installed, ...views]);
  const seated = new Set(groups.flat());
  return { groups, views: views.filter(({ card }) => seated.has(card.id)) };
}
