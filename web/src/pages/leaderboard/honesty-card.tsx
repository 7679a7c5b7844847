import type { ReactNode } from 'react';
import { List, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { Report } from '../../api/client';
import { shortTap } from '../../lib/board';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';

type Selection = NonNullable<Report['selection']>;

/** How far the winner can be believed: the luck of the pick, when it does not know, and its rivals on the same pictures. */
export function HonestyCard({ selection }: { selection: Selection }) {
  const { t, f } = useSpeech();
  const { optimism, comparisons, unknown } = selection;
  return (
    <Surface title={t.honest.title} hint={t.honest.hint}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack gap="lg">
          {optimism && (
            <Part title={t.honest.luck}>
              <Text size="sm">
                {t.honest.optimism(
                  optimism.trials,
                  f.points(optimism.estimate),
                  f.percent(optimism.corrected),
                  f.interval(optimism.interval),
                )}
              </Text>
            </Part>
          )}
          <Part title={t.honest.unknown}>
            <Text size="sm">
              {unknown.below === null
                ? t.honest.noThreshold
                : t.honest.threshold(
                    f.percent(unknown.below, 0),
                    f.percent(unknown.wrongBelow, 0),
                    f.percent(unknown.rightBelow, 0),
                  )}
            </Text>
          </Part>
        </Stack>
        <Part title={t.honest.rivals}>
          <List size="sm" spacing="sm">
            {comparisons.map((one) => (
              <List.Item key={one.rival}>
                <b>{t.honest.rivalNames[one.rival]}</b> ({one.backbone}, {shortTap(one.tap)}, {one.head}):{' '}
                {t.honest.difference(
                  f.signedPoints(one.difference),
                  (one.interval as readonly number[]).map(f.signedPoints).join(' … '),
                  one.onlyChosen,
                  one.onlyRival,
                )}{' '}
                {one.pValue < 0.05 ? t.honest.apart : t.honest.tied}
              </List.Item>
            ))}
          </List>
        </Part>
      </SimpleGrid>
    </Surface>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={3} fz="sm" mb={6}>
        {title}
      </Title>
      <Stack gap="xs">{children}</Stack>
    </div>
  );
}
