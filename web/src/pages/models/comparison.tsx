import { useState } from 'react';
import { Select, Table } from '@mantine/core';
import type { Model } from '../../api/client';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';

/** The champion beside another version, number by number. */
export function Comparison({ champion, rivals }: { champion: Model; rivals: readonly Model[] }) {
  const { t, f } = useSpeech();
  const [chosen, choose] = useState(rivals[0]?.id ?? null);
  const rival = rivals.find(({ id }) => id === chosen) ?? rivals[0];
  if (!rival) return null;
  const row = (label: string, of: (model: Model) => string) => [label, of(champion), of(rival)] as const;
  const rows = [
    row(
      t.board.test,
      ({ summary: { test } }) => `${f.percent(test.accuracy)} (${f.interval(test.interval)})`,
    ),
    row(
      t.board.validation,
      ({ summary: { validation } }) =>
        `${f.percent(validation.accuracy)} (${f.interval(validation.interval)})`,
    ),
    row(t.board.backbone, ({ summary }) => summary.backbone),
    row(t.board.tap, ({ summary }) => summary.tap),
    row(t.board.head, ({ summary }) => summary.head),
    row(t.board.weights, ({ summary: { cost } }) => f.compact(cost.totalParams)),
    row(t.board.latency, ({ summary: { cost } }) =>
      cost.latencyMs === null ? '–' : f.latency(cost.latencyMs),
    ),
  ];
  return (
    <Surface
      title={t.models.compare}
      aside={
        <Select
          aria-label={t.models.compareWith}
          size="xs"
          allowDeselect={false}
          value={rival.id}
          data={rivals.map(({ id, version }) => ({ value: id, label: t.models.version(version) }))}
          onChange={choose}
        />
      }
    >
      <Table fz="sm" verticalSpacing="xs" style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th aria-label={t.models.measure} />
            <Table.Th>
              {t.models.aliases.champion} · {t.models.version(champion.version)}
            </Table.Th>
            <Table.Th>{t.models.version(rival.version)}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([label, own, other]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={500} c="dimmed">
                {label}
              </Table.Th>
              <Table.Td>{own}</Table.Td>
              <Table.Td>{other}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Surface>
  );
}
