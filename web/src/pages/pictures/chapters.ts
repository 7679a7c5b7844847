import type { Schemas } from '../../api/client';
import type { Format } from '../../lib/format';
import type { Texts } from '../../texts/en';
import { wordOf } from '../../texts/texts';

type Story = Schemas['ImageStoryDto'];

export interface Chapter {
  readonly key: string;
  readonly title: string;
  readonly text: readonly string[];
  readonly bad: boolean;
}

/** What happened to a picture, stage by stage, as far as it came. */
export function toChapters(story: Story, t: Texts, f: Format): Chapter[] {
  const { image } = story;
  return [
    {
      key: 'search',
      title: t.stages.search,
      text: [t.story.found(image.provider, image.query, image.rank)],
      bad: false,
    },
    ...fetched(story, t, f),
    ...inspected(story, t, f),
    ...deduped(story, t),
    ...curated(story, t, f),
    ...(image.part ? [{ key: 'split', title: t.stages.split, text: [t.parts[image.part]], bad: false }] : []),
    ...decided(story, t, f),
  ];
}

/** The reason and its detail, when this stage was the one that dropped it. */
function verdict({ image }: Story, stage: Story['image']['stage'], t: Texts): string[] {
  if (image.stage !== stage || image.reason === null) return [];
  return [wordOf(t.reasons, image.reason), ...(image.detail ? [image.detail] : [])];
}

const chapter = (key: Story['image']['stage'], text: readonly string[], bad: boolean, t: Texts): Chapter => ({
  key,
  title: t.stages[key],
  text,
  bad,
});

function fetched(story: Story, t: Texts, f: Format): Chapter[] {
  if (!story.fetch) return [];
  const { bytes, mime, fetchedAt } = story.fetch;
  const why = verdict(story, 'fetch', t);
  const retries = story.retries.map(({ reason, at }) =>
    t.story.retried(wordOf(t.reasons, reason), f.when(at)),
  );
  const what = bytes === null ? [] : [`${f.bytes(bytes)}${mime ? `, ${mime}` : ''}`];
  return [chapter('fetch', [...retries, ...what, f.when(fetchedAt), ...why], why.length > 0, t)];
}

function inspected(story: Story, t: Texts, f: Format): Chapter[] {
  if (!story.inspection) return [];
  const { image } = story;
  const why = verdict(story, 'inspect', t);
  const size = image.width && image.height ? [`${f.number(image.width)} × ${f.number(image.height)}`] : [];
  return [
    chapter(
      'inspect',
      [[...size, story.inspection.format].filter(Boolean).join(', '), ...why],
      why.length > 0,
      t,
    ),
  ];
}

function deduped(story: Story, t: Texts): Chapter[] {
  if (story.image.group === null) return [];
  const why = verdict(story, 'dedupe', t);
  const distance = story.distance === null ? [] : [t.story.distance(story.distance)];
  return [chapter('dedupe', why.length > 0 ? [...why, ...distance] : [t.story.unlike], why.length > 0, t)];
}

function curated(story: Story, t: Texts, f: Format): Chapter[] {
  const { doubt, suspicion, suggestedCategory, stage } = story.image;
  const why = verdict(story, 'curate', t);
  if (stage !== 'curate' && stage !== 'split') return [];
  const doubts =
    doubt === null
      ? []
      : [
          t.story.doubt(t.pictures.doubts[doubt], f.percent(suspicion ?? 0, 0)),
          ...(suggestedCategory ? [t.pictures.rather(suggestedCategory)] : []),
        ];
  const text = [...doubts, ...why];
  return [chapter('curate', text.length > 0 ? text : [t.story.fits], text.length > 0, t)];
}

function decided({ decided: last }: Story, t: Texts, f: Format): Chapter[] {
  if (!last) return [];
  const { action, category, at } = last;
  return [
    {
      key: 'decided',
      title: t.story.decided,
      text: [t.review.did(action, 1, category ?? ''), f.when(at)],
      bad: action === 'drop',
    },
  ];
}
