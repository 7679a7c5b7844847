import { Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import type { Facets, Run } from '../../api/client';
import { useSpeech } from '../../texts/texts';

/** How many pictures each category has and wants, and where they come from. */
export function CategoryProgress({ run, facets }: { run: Run; facets: Facets | undefined }) {
  const { t, f } = useSpeech();
  if (!facets) return <Skeleton height={120} />;
  const names = [
    ...new Set([...run.search.map(({ category }) => category), ...facets.categories.map(({ name }) => name)]),
  ];
  if (names.length === 0) return <Text c="dimmed">{t.run.nothingYet}</Text>;
  return (
    <Stack gap="md">
      {names.map((name) => {
        const search = run.search.find((one) => one.category === name);
        const kept = facets.categories.find((one) => one.name === name)?.kept ?? 0;
        const wanted = search?.wanted ?? kept;
        const failed = search?.providers.filter((one) => one.state === 'failed') ?? [];
        return (
          <div key={name}>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text fw={550} size="sm" truncate>
                {name}
              </Text>
              <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums', flexShrink: 0 }}>
                {search ? t.run.keptOf(f.number(kept), f.number(wanted)) : t.run.kept(kept)}
              </Text>
            </Group>
            <Progress
              mt={4}
              size="sm"
              value={wanted > 0 ? Math.min(100, (100 * kept) / wanted) : 0}
              aria-label={name}
            />
            {search?.stoppedBecause && search.stoppedBecause !== 'enough' && (
              <Text size="xs" c="var(--graft-warn)" mt={4}>
                {t.run.stopped[search.stoppedBecause]}
              </Text>
            )}
            {failed.map(({ provider, reason }) => (
              <Text key={provider} size="xs" c="dimmed" mt={2}>
                {provider}: {reason}
              </Text>
            ))}
          </div>
        );
      })}
    </Stack>
  );
}
