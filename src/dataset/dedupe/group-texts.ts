import { NearDuplicateIndex, textKey } from '../../../zoo/index.js';

/** An inspected text, as far as finding duplicates needs it. */
export interface TextItem {
  readonly id: string;
  readonly category: string;
  readonly text: string;
}

/** What becomes of a text: `keeper` is the one it says the same as (itself when it is the first to say so). */
export interface TextVerdict {
  readonly keeper: string;
  readonly reason: 'exact-duplicate' | 'near-duplicate' | 'cross-category' | null;
  /** Share of word pairs that differ from the keeper's, in per cent; null for keepers. */
  readonly distance: number | null;
}

interface Group {
  readonly keeper: TextItem;
  readonly members: { readonly id: string; readonly kind: 'exact' | 'near'; readonly distance: number }[];
  readonly categories: Set<string>;
}

/**
 * Groups texts that say the same: exact copies once case, spaces and punctuation are left out, and near ones by their word pairs. The
 * first stays; a text that stands under two labels is dropped from both, since which one is right is not for a hash to say.
 */
export function groupTexts(items: readonly TextItem[]): Map<string, TextVerdict> {
  const verdicts = new Map<string, TextVerdict>();
  for (const { keeper, members, categories } of gather(items)) {
    const crossed = categories.size > 1;
    verdicts.set(keeper.id, {
      keeper: keeper.id,
      reason: crossed ? 'cross-category' : null,
      distance: null,
    });
    for (const { id, kind, distance } of members)
      verdicts.set(id, {
        keeper: keeper.id,
        reason: crossed ? 'cross-category' : `${kind}-duplicate`,
        distance,
      });
  }
  return verdicts;
}

function gather(items: readonly TextItem[]): Group[] {
  const groups: Group[] = [];
  const byKey = new Map<string, Group>();
  const index = new NearDuplicateIndex();
  for (const item of items) {
    const key = textKey(item.text);
    const same = byKey.get(key);
    const near = same ? null : index.find(item.text);
    const group = same ?? (near ? groups[near.at] : undefined);
    if (group) {
      const distance = same ? 0 : Math.round(100 * (1 - (near?.similarity ?? 1)));
      group.members.push({ id: item.id, kind: same ? 'exact' : 'near', distance });
      group.categories.add(item.category);
    } else {
      index.add(item.text);
      groups.push({ keeper: item, members: [], categories: new Set([item.category]) });
    }
    byKey.set(key, group ?? (groups.at(-1) as Group));
  }
  return groups;
}
