import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Report } from '../../api/client';
import { depthOf, isPlainTap, paramsText, shortTap, type Scored } from '../../lib/board';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';

/** The winner, and why it is the winner. */
export function WinnerCard({ report, trials }: { report: Report; trials: readonly Scored[] }) {
  const { t, f } = useSpeech();
  const { selected } = report;
  const { backbone, tap, head, params, validation, test, cost } = selected;
  return (
    <Surface title={t.board.winner}>
      <Stack gap="md">
        <Text fz="lg" fw={600}>
          {t.board.winnerLine(backbone, shortTap(tap), head)}{' '}
          <Text span c="dimmed" fw={400} fz="sm">
            {paramsText(params)}
          </Text>
        </Text>
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          <Figure label={t.board.test} value={f.percent(test.accuracy)}>
            {t.board.ofPictures(f.interval(test.interval), test.count)}
          </Figure>
          <Figure label={t.board.validation} value={f.percent(validation.accuracy)}>
            {t.board.ofPictures(f.interval(validation.interval), validation.count)}
          </Figure>
          <Figure label={t.board.weights} value={f.compact(cost.totalParams)}>
            {t.board.trainedOf(f.compact(cost.trainableParams))}
          </Figure>
          <Figure label={t.board.latency} value={cost.latencyMs === null ? '–' : f.latency(cost.latencyMs)}>
            {t.board.perPicture}
          </Figure>
        </SimpleGrid>
        <Group gap="xs" component="ul" m={0} pl="lg" style={{ display: 'block' }}>
          {reasons(report, trials).map((reason) => (
            <Text component="li" size="sm" key={reason.key}>
              {reason.key === 'depth'
                ? t.board.whyDepth(
                    backbone,
                    reason.tap,
                    f.percent(reason.accuracy),
                    f.points(validation.accuracy - reason.accuracy),
                  )
                : t.board.whyCheaper(f.percent(reason.accuracy))}
            </Text>
          ))}
          {report.leakDelta && (
            <Text component="li" size="sm">
              {t.board.leak(f.points(report.leakDelta.delta), report.leakDelta.copies)}
            </Text>
          )}
        </Group>
      </Stack>
    </Surface>
  );
}

type Reason =
  | { readonly key: 'depth'; readonly tap: string; readonly accuracy: number }
  | { readonly key: 'cheaper'; readonly accuracy: number };

/** What the trials of this run say for the winner: its backbone read at the end, and better ones that cost more. */
function reasons({ selected }: Report, trials: readonly Scored[]): Reason[] {
  const own = trials.filter(({ backbone, tap }) => backbone === selected.backbone && isPlainTap(tap));
  const deepest = Math.max(...own.map(({ tap }) => depthOf(tap)));
  const last = own
    .filter(({ tap }) => depthOf(tap) === deepest)
    .sort((a, b) => b.validation.accuracy - a.validation.accuracy)[0];
  const top = trials[0];
  return [
    ...(last && last.tap !== selected.tap
      ? [{ key: 'depth' as const, tap: last.tap, accuracy: last.validation.accuracy }]
      : []),
    ...(top && top.validation.accuracy > selected.validation.accuracy
      ? [{ key: 'cheaper' as const, accuracy: top.validation.accuracy }]
      : []),
  ];
}

function Figure({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fz={26} fw={650} lh={1.2} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {value}
      </Text>
      <Text size="xs" c="dimmed">
        {children}
      </Text>
    </div>
  );
}
