import { Badge, Group, List, Stack, Table, Text } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { useSpeech } from '../../texts/texts';

type Retraining = Schemas['RetrainingDto'];
type Verdict = NonNullable<Retraining['verdict']>;

const COLORS: Readonly<Record<string, string>> = {
  promoted: 'leaf',
  refused: 'gray',
  failed: 'red',
  'rolled-back': 'red',
};

/** Each retraining: what set it off, what came of it, and the numbers behind that. */
export function Retrainings({ retrainings }: { retrainings: readonly Retraining[] }) {
  const { t, f } = useSpeech();
  return (
    <Stack gap="lg">
      {retrainings.map((one) => (
        <article key={one.id} aria-label={one.detail}>
          <Group gap="xs">
            <Badge variant="light" size="lg" tt="none" color={COLORS[one.state] ?? 'blue'}>
              {t.schedule.states[one.state]}
            </Badge>
            <Text size="sm">{one.detail}</Text>
            <Text size="sm" c="dimmed">
              {f.when(one.createdAt)}
            </Text>
          </Group>
          {one.error && (
            <Text size="sm" c="var(--graft-bad)">
              {one.error}
            </Text>
          )}
          {one.verdict && <VerdictView verdict={one.verdict} />}
        </article>
      ))}
    </Stack>
  );
}

/** Champion and challenger on the same pictures. */
function VerdictView({ verdict }: { verdict: Verdict }) {
  const { t, f } = useSpeech();
  const sides = [verdict.champion, verdict.challenger] as const;
  return (
    <>
      <Table mt="xs" fz="sm" verticalSpacing={4} style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th aria-label={t.models.measure} />
            <Table.Th>{t.models.aliases.champion}</Table.Th>
            <Table.Th>{t.models.aliases.challenger}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr>
            <Table.Th scope="row">{t.board.test}</Table.Th>
            {sides.map((side) => (
              <Table.Td key={side.modelId}>
                {f.percent(side.accuracy)} ({f.interval(side.interval as readonly number[])})
              </Table.Td>
            ))}
          </Table.Tr>
          <Table.Tr>
            <Table.Th scope="row">{t.schedule.onlyRight}</Table.Th>
            <Table.Td>{f.number(verdict.onlyChampion)}</Table.Td>
            <Table.Td>{f.number(verdict.onlyChallenger)}</Table.Td>
          </Table.Tr>
          <Table.Tr>
            <Table.Th scope="row">{t.board.latency}</Table.Th>
            {sides.map((side) => (
              <Table.Td key={side.modelId}>{f.latency(side.latencyMs)}</Table.Td>
            ))}
          </Table.Tr>
        </Table.Tbody>
      </Table>
      <List size="sm" mt="xs">
        {verdict.reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
    </>
  );
}
