import { lazy, Suspense } from 'react';
import { Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconPhotoPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Run } from '../../api/client';
import { aimOf, type LearningCurve } from '../../lib/curve';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';

type Outlook = Pick<LearningCurve, 'verdict' | 'more' | 'reason'>;

const Chart = lazy(() => import('./curve-chart').then(({ CurveChart }) => ({ default: CurveChart })));

/** Whether more data would help, how much of it, and of which category. */
export function CurveCard({ curve, run }: { curve: LearningCurve; run: Run }) {
  const { t, f } = useSpeech();
  const answer = useAnswer();
  return (
    <Surface title={t.curve.title} hint={t.curve.hint} aside={<MoreButton curve={curve} run={run} />}>
      <Stack gap="md">
        <Text fw={600}>{answer(curve, null)}</Text>
        {curve.points.length > 1 && (
          <Suspense fallback={<Skeleton height={280} />}>
            <Chart curve={curve} />
          </Suspense>
        )}
        {curve.categories.length > 0 && (
          <Table.ScrollContainer
            minWidth={620}
            scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t.curve.each } }}
          >
            <Table fz="sm" verticalSpacing={6} style={{ fontVariantNumeric: 'tabular-nums' }}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t.start.category}</Table.Th>
                  <Table.Th ta="right">{t.curve.learntFrom}</Table.Th>
                  <Table.Th ta="right">{t.curve.recall}</Table.Th>
                  <Table.Th>{t.curve.more}</Table.Th>
                  <Table.Th ta="right">{t.curve.backtestError}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {curve.categories.map((one) => (
                  <Table.Tr key={one.category}>
                    <Table.Td fw={550}>{one.category}</Table.Td>
                    <Table.Td ta="right">{f.number(one.pictures)}</Table.Td>
                    <Table.Td ta="right">{one.recall === null ? '–' : f.percent(one.recall)}</Table.Td>
                    <Table.Td>{answer(one, one.category)}</Table.Td>
                    <Table.Td ta="right">
                      {one.backtest ? t.curve.backtestPoints(f.signedPoints(one.backtest.error)) : '–'}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        {curve.backtest && (
          <Text size="xs" c="dimmed">
            {t.curve.backtest(
              f.number(Math.round(curve.backtest.upTo)),
              f.number(Math.round(curve.backtest.at)),
              f.percent(curve.backtest.predicted),
              f.percent(curve.backtest.measured),
            )}
          </Text>
        )}
      </Stack>
    </Surface>
  );
}

/** The answer of the curve in the language of the page; the reason is the service's own. */
function useAnswer(): (outlook: Outlook, category: string | null) => string {
  const { t, f } = useSpeech();
  return ({ verdict, more, reason }, category) => {
    if (more) {
      const [low = 0, high = null] = more.interval;
      const band =
        high === null ? t.curve.from(f.number(low ?? 0)) : `${f.number(low ?? 0)}–${f.number(high)}`;
      return category === null
        ? t.curve.moreAll(f.number(more.pictures), band)
        : t.curve.moreOf(f.number(more.pictures), band);
    }
    const word = t.curve.verdicts[verdict];
    return reason === null || category !== null ? word : `${word} ${reason}`;
  };
}

function MoreButton({ curve, run }: { curve: LearningCurve; run: Run }) {
  const { t } = useSpeech();
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPhotoPlus size={15} aria-hidden />}
        renderRoot={(props) => (
          <Link to="/" search={{ project: run.projectId, aim: aimOf(curve) ?? undefined }} {...props} />
        )}
      >
        {t.curve.getMore}
      </Button>
    </Group>
  );
}
