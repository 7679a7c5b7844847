import { useState } from 'react';
import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { IconTrophyFilled } from '@tabler/icons-react';
import type { Report, Trial } from '../../api/client';
import { paramsText, sameTrial, shortTap } from '../../lib/board';
import { useSpeech } from '../../texts/texts';
import { IntervalBar } from './interval-bar';

const FIRST = 12;

interface TrialsTableProps {
  readonly trials: readonly Trial[];
  readonly selected: Report['selected'] | null;
}

/** All trials, best first. */
export function TrialsTable({ trials, selected }: TrialsTableProps) {
  const { t, f } = useSpeech();
  const [all, setAll] = useState(false);
  const shown = all ? trials : trials.slice(0, FIRST);
  return (
    <>
      <Table.ScrollContainer
        minWidth={860}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t.board.trials } }}
      >
        <Table verticalSpacing="xs" fz="sm" highlightOnHover style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={44}>{t.board.place}</Table.Th>
              <Table.Th>{t.board.backbone}</Table.Th>
              <Table.Th>{t.board.tap}</Table.Th>
              <Table.Th>{t.board.head}</Table.Th>
              <Table.Th miw={260}>{t.board.validation}</Table.Th>
              <Table.Th ta="right">{t.board.trained}</Table.Th>
              <Table.Th ta="right">{t.board.weights}</Table.Th>
              <Table.Th ta="right">{t.board.latency}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((trial, index) => {
              const won = selected !== null && sameTrial(selected, trial);
              return (
                <Table.Tr key={index} bg={won ? 'var(--mantine-color-leaf-light)' : undefined}>
                  <Table.Td>
                    <Group gap={4} wrap="nowrap">
                      {index + 1}
                      {won && (
                        <IconTrophyFilled
                          size={15}
                          role="img"
                          aria-label={t.board.chosen}
                          color="var(--graft-good)"
                        />
                      )}
                    </Group>
                  </Table.Td>
                  <Table.Td fw={won ? 600 : undefined} style={{ whiteSpace: 'nowrap' }}>
                    {trial.backbone}
                  </Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }} title={trial.tap}>
                    {shortTap(trial.tap)}
                  </Table.Td>
                  <Table.Td>
                    {trial.head}{' '}
                    <Text span size="xs" c="dimmed">
                      {paramsText(trial.params)}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    {trial.validation ? (
                      <IntervalBar validation={trial.validation} />
                    ) : (
                      <Badge variant="light" color="gray" tt="none">
                        {t.board.states[trial.state]}
                      </Badge>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">{f.compact(trial.cost.trainableParams)}</Table.Td>
                  <Table.Td ta="right">{f.compact(trial.cost.totalParams)}</Table.Td>
                  <Table.Td ta="right">
                    {trial.cost.latencyMs === null ? '–' : f.latency(trial.cost.latencyMs)}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {trials.length > FIRST && (
        <Button variant="subtle" mt="sm" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? t.board.fewer : t.board.showAll(trials.length)}
        </Button>
      )}
    </>
  );
}
