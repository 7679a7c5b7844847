import { useState } from 'react';
import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { IconTrophyFilled } from '@tabler/icons-react';
import type { Report, Trial } from '../../api/client';
import { boardRows, firstRows, paramsText, sameTrial, shortTap, type Floor } from '../../lib/board';
import { useSpeech } from '../../texts/texts';
import { IntervalBar } from './interval-bar';

const FIRST = 12;

interface TrialsTableProps {
  readonly trials: readonly Trial[];
  readonly floor: readonly Floor[];
  readonly selected: Report['selected'] | null;
}

/** All trials, best first, and the floor among them. */
export function TrialsTable({ trials, floor, selected }: TrialsTableProps) {
  const { t } = useSpeech();
  const [all, setAll] = useState(false);
  const rows = boardRows(trials, floor);
  const shown = all ? rows : firstRows(rows, FIRST);
  return (
    <>
      <Table.ScrollContainer
        minWidth={960}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t.board.trials } }}
      >
        <Table verticalSpacing="xs" fz="sm" highlightOnHover style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Heading />
          <Table.Tbody>
            {shown.map((row) =>
              row.kind === 'floor' ? (
                <FloorRow key={row.floor.kind} floor={row.floor} />
              ) : (
                <TrialRow
                  key={row.place}
                  trial={row.trial}
                  place={row.place}
                  won={selected !== null && sameTrial(selected, row.trial)}
                />
              ),
            )}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {(all || rows.length > shown.length) && (
        <Button variant="subtle" mt="sm" onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? t.board.fewer : t.board.showAll(trials.length)}
        </Button>
      )}
    </>
  );
}

function Heading() {
  const { t } = useSpeech();
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th w={44}>{t.board.place}</Table.Th>
        <Table.Th>
          {t.board.backbone} / {t.board.tap}
        </Table.Th>
        <Table.Th>{t.board.head}</Table.Th>
        <Table.Th>{t.board.validation}</Table.Th>
        <Table.Th ta="right">{t.board.trained}</Table.Th>
        <Table.Th ta="right">{t.board.weights}</Table.Th>
        <Table.Th ta="right">{t.board.operations}</Table.Th>
        <Table.Th ta="right">{t.board.latency}</Table.Th>
        <Table.Th ta="right">{t.board.file}</Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}

function TrialRow({ trial, place, won }: { trial: Trial; place: number; won: boolean }) {
  const { t, f } = useSpeech();
  const { backbone, tap, head, params, validation, state, cost } = trial;
  return (
    <Table.Tr bg={won ? 'var(--mantine-color-leaf-light)' : undefined}>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          {place}
          {won && (
            <IconTrophyFilled size={15} role="img" aria-label={t.board.chosen} color="var(--graft-good)" />
          )}
        </Group>
      </Table.Td>
      <Table.Td fw={won ? 600 : undefined} style={{ whiteSpace: 'nowrap' }} title={tap}>
        {backbone}
        <Text size="xs" c="dimmed">
          {shortTap(tap)}
        </Text>
      </Table.Td>
      <Table.Td>
        {head}
        <Text size="xs" c="dimmed">
          {paramsText(params)}
        </Text>
      </Table.Td>
      <Table.Td>
        {validation ? (
          <IntervalBar validation={validation} />
        ) : (
          <Badge variant="light" color="gray" tt="none">
            {t.board.states[state]}
          </Badge>
        )}
      </Table.Td>
      <Numbers
        values={[
          f.compact(cost.trainableParams),
          f.compact(cost.totalParams),
          cost.flops === null ? '–' : f.prefixed(cost.flops),
          cost.latencyMs === null ? '–' : f.latency(cost.latencyMs),
          cost.bytes === null ? '–' : f.bytes(cost.bytes),
        ]}
      />
    </Table.Tr>
  );
}

/** What a trial costs: weights trained and in all, operations, time, file. */
function Numbers({ values }: { values: readonly string[] }) {
  return values.map((value, column) => (
    <Table.Td key={column} ta="right" style={{ whiteSpace: 'nowrap' }}>
      {value}
    </Table.Td>
  ));
}

const UNMEASURED = ['–', '–', '–', '–', '–'];

/** No trial, so it has no place and no head, and its cost was not measured. */
function FloorRow({ floor: { kind, backbone, tap, validation } }: { floor: Floor }) {
  const { t } = useSpeech();
  return (
    <Table.Tr bg="var(--graft-sunken)">
      <Table.Td colSpan={3}>
        <Group gap="xs" wrap="nowrap">
          <Badge variant="outline" color="gray" c="dimmed" tt="none" miw="max-content">
            {t.board.floor}
          </Badge>
          <div>
            {t.board.floors[kind]}
            {backbone !== null && (
              <Text size="xs" c="dimmed">
                {[backbone, tap].join(', ')}
              </Text>
            )}
          </div>
        </Group>
      </Table.Td>
      <Table.Td>
        <IntervalBar validation={validation} />
      </Table.Td>
      <Numbers values={UNMEASURED} />
    </Table.Tr>
  );
}
