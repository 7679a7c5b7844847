import { Group, List, ScrollArea, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import type { Report, Run } from '../../api/client';
import { worstMixUps, type MixUp } from '../../lib/confusion';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';
import { CellDrawer } from './cell-drawer';
import styles from './evidence.module.css';

type Confusion = NonNullable<Report['confusion']>;

/** A matrix of more categories can no longer be read; the list of mix-ups still can. */
const MATRIX_MAX = 40;
const LISTED = 5;

/** What is taken for what; each number opens onto its examples. */
export function ConfusionCard({ confusion, run }: { confusion: Confusion; run: Run }) {
  const { t } = useSpeech();
  const { truth, predicted } = useSearch({ from: '/shell/runs/$runId/leaderboard' });
  const navigate = useNavigate({ from: '/runs/$runId/leaderboard' });
  const open = (cell: Pick<MixUp, 'truth' | 'predicted'> | null): void =>
    void navigate({
      search: (before) => ({ ...before, truth: cell?.truth, predicted: cell?.predicted }),
      resetScroll: false,
    });
  const worst = worstMixUps(confusion, LISTED);
  return (
    <Surface id="confusion" title={t.confusion.title} hint={t.confusion.hint(confusion.pictures)}>
      <Group gap="xl" align="flex-start">
        {confusion.labels.length <= MATRIX_MAX && <Matrix confusion={confusion} onOpen={open} />}
        {worst.length === 0 ? (
          <Text size="sm">{t.confusion.none}</Text>
        ) : (
          <List size="sm" spacing={4}>
            {worst.map((one) => (
              <List.Item key={`${one.truth} ${one.predicted}`}>
                {t.confusion.line(one.truth, one.predicted, one.count, one.of)}
              </List.Item>
            ))}
          </List>
        )}
      </Group>
      <CellDrawer
        run={run}
        cell={truth !== undefined && predicted !== undefined ? { truth, predicted } : null}
        close={() => open(null)}
      />
    </Surface>
  );
}

interface MatrixProps {
  readonly confusion: Confusion;
  readonly onOpen: (cell: { truth: string; predicted: string }) => void;
}

function Matrix({ confusion: { labels, counts }, onOpen }: MatrixProps) {
  const { t } = useSpeech();
  return (
    <ScrollArea
      type="auto"
      maw="100%"
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t.confusion.title }}
      offsetScrollbars
    >
      <table className={styles.matrix}>
        <caption className="graft-visually-hidden">{t.confusion.caption}</caption>
        <thead>
          <tr>
            <td />
            {labels.map((label) => (
              <th key={label} scope="col" title={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((truth, row) => (
            <tr key={truth}>
              <th scope="row" title={truth}>
                {truth}
              </th>
              {labels.map((predicted, column) => (
                <td key={predicted}>
                  <Cell
                    truth={truth}
                    predicted={predicted}
                    count={counts[row]?.[column] ?? 0}
                    of={(counts[row] ?? []).reduce((sum, count) => sum + count, 0)}
                    onOpen={onOpen}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Cell({ truth, predicted, count, of, onOpen }: MixUp & Pick<MatrixProps, 'onOpen'>) {
  const { t, f } = useSpeech();
  if (count === 0) return <div className={styles.cell}>0</div>;
  return (
    <button
      type="button"
      className={styles.cell}
      data-right={truth === predicted}
      style={{ '--share': `${Math.round(15 + (85 * count) / of)}%` } as CSSProperties}
      aria-label={t.confusion.line(truth, predicted, count, of)}
      onClick={() => onOpen({ truth, predicted })}
    >
      {f.number(count)}
    </button>
  );
}
