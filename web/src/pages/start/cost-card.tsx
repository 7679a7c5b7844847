import type { ReactNode } from 'react';
import { Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '../../api/client';
import { estimateQuery, zooOf } from '../../api/queries';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';
import { chosenProviders, labelsOf, textsOf, type Draft } from './draft';

type Estimate = Schemas['EstimateDto'];
type Range = NonNullable<Estimate['ms']>;

/** What one click will take, before it is clicked. */
export function CostCard({ draft }: { draft: Draft }) {
  if (draft.modality === 'text') return <TextsCard draft={draft} />;
  return <PicturesCard draft={draft} />;
}

function TextsCard({ draft }: { draft: Draft }) {
  const { t, f } = useSpeech();
  const { labelled, unlabelled } = textsOf(draft);
  return (
    <Surface title={t.start.cost}>
      <Stack gap="xs">
        <CostRow label={t.start.labels}>{f.number(labelsOf(draft).length)}</CostRow>
        <CostRow label={t.start.labelled}>{f.number(labelled.length)}</CostRow>
        <CostRow label={t.start.unlabelled}>{f.number(unlabelled.length)}</CostRow>
      </Stack>
    </Surface>
  );
}

function PicturesCard({ draft }: { draft: Draft }) {
  const { t, f } = useSpeech();
  const cost = useCost(draft);
  const own = draft.bundles.reduce((sum, { files }) => sum + files.length, 0);
  const searched = chosenProviders(draft).length > 0 ? draft.names.length * draft.imagesPerCategory : 0;
  return (
    <Surface title={t.start.cost}>
      <Stack gap="xs">
        <CostRow label={t.start.categories}>{f.number(draft.names.length)}</CostRow>
        <CostRow label={t.start.aimedAt}>{f.number(searched)}</CostRow>
        {own > 0 && <CostRow label={t.start.ownFiles}>{f.number(own)}</CostRow>}
        <CostRow label={t.start.downloads}>{span(cost?.downloads, (value) => f.number(value))}</CostRow>
        <CostRow label={t.start.toDownload}>{span(cost?.bytes, f.bytes)}</CostRow>
        <CostRow label={t.start.time}>{span(cost?.ms, f.duration)}</CostRow>
        <Text size="xs" c="dimmed" mih="3em">
          {cost === null ? '' : cost.runs === 0 ? t.start.noBasis : t.start.basis(cost.runs)}
        </Text>
      </Stack>
    </Surface>
  );
}

/** From the easiest to the hardest of the runs so far; a dash where nothing is known. */
const span = (range: Range | null | undefined, say: (value: number) => string): string => {
  if (!range) return '–';
  const [low, high] = [say(range.low), say(range.high)];
  return low === high ? low : `${low} – ${high}`;
};

/** Asked of the service, which knows what its runs took. */
function useCost(draft: Draft): Estimate | null {
  const zoo = useQuery(zooOf('image'));
  const installed = (zoo.data ?? []).filter((one) => one.installed || one.source === 'embedded').length;
  const asked = {
    categories: draft.names.length,
    imagesPerCategory: chosenProviders(draft).length > 0 ? draft.imagesPerCategory : 0,
    own: draft.bundles.reduce((sum, { files }) => sum + files.length, 0),
    backbones: Math.max(1, draft.backbones.length || installed),
  };
  const [settled] = useDebouncedValue(JSON.stringify(asked), 250);
  return useQuery(estimateQuery(JSON.parse(settled) as typeof asked)).data ?? null;
}

function CostRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group justify="space-between" wrap="nowrap" align="baseline">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" fw={600} ta="right">
        {children}
      </Text>
    </Group>
  );
}
