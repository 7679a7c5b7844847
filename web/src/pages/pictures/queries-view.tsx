import { useState } from 'react';
import { Button, Group, Modal, Progress, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Facets } from '../../api/client';
import { withoutQuery, type Source } from '../../api/queries';
import { Empty, Failure } from '../../parts/states';
import { useSpeech } from '../../texts/texts';
import type { ViewProps } from './view-props';

type Row = Facets['queries'][number];

/** Which queries gave good pictures, and what would be left without one. */
export function QueriesView(props: ViewProps) {
  const { facets, run } = props;
  const { t, f } = useSpeech();
  const [asked, ask] = useState<Source | null>(null);
  if (!facets) return <Skeleton height={320} radius="lg" />;
  if (facets.queries.length === 0)
    return (
      <Empty icon={IconListSearch} title={t.queries.none}>
        {t.run.nothingYet}
      </Empty>
    );
  return (
    <div className="graft-surface" style={{ overflow: 'hidden' }}>
      <Table.ScrollContainer
        minWidth={720}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t.queries.caption, role: 'region' } }}
      >
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Caption className="graft-visually-hidden">{t.queries.caption}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.pictures.category}</Table.Th>
              <Table.Th>{t.pictures.query}</Table.Th>
              <Table.Th>{t.pictures.provider}</Table.Th>
              <Table.Th ta="right">{t.queries.found}</Table.Th>
              <Table.Th miw={180}>{t.queries.kept}</Table.Th>
              <Table.Th ta="right">{t.queries.copies}</Table.Th>
              <Table.Th ta="right">{t.queries.broken}</Table.Th>
              <Table.Th ta="right">{t.queries.wrong}</Table.Th>
              <Table.Th aria-label={t.queries.without} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {facets.queries.map((row) => (
              <Table.Tr key={`${row.category} ${row.provider} ${row.query}`}>
                <Table.Td>{row.category}</Table.Td>
                <Table.Td>
                  <Link
                    to="/runs/$runId/pictures"
                    params={{ runId: run.id }}
                    search={{ category: row.category, provider: row.provider, query: row.query }}
                    style={{ color: 'inherit' }}
                  >
                    {row.query}
                  </Link>
                </Table.Td>
                <Table.Td>{row.provider}</Table.Td>
                <Table.Td ta="right">{f.number(row.found)}</Table.Td>
                <Table.Td>
                  <KeptShare row={row} />
                </Table.Td>
                <Table.Td ta="right">{f.number(row.copies)}</Table.Td>
                <Table.Td ta="right">{f.number(row.broken)}</Table.Td>
                <Table.Td ta="right">{f.number(row.wrong)}</Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => ask({ category: row.category, provider: row.provider, query: row.query })}
                  >
                    {t.queries.without}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Modal
        opened={asked !== null}
        onClose={() => ask(null)}
        title={t.queries.effect}
        closeButtonProps={{ 'aria-label': t.pictures.close }}
      >
        {asked && <Effect {...props} source={asked} close={() => ask(null)} />}
      </Modal>
    </div>
  );
}

function KeptShare({ row }: { row: Row }) {
  const { f } = useSpeech();
  const share = row.found > 0 ? row.kept / row.found : 0;
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress value={100 * share} aria-hidden style={{ flex: 1 }} size="sm" />
      <Text size="sm" w={84} ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {f.number(row.kept)} ({f.percent(share, 0)})
      </Text>
    </Group>
  );
}

function Effect({ run, review, source, close }: ViewProps & { source: Source; close: () => void }) {
  const { t, f } = useSpeech();
  const effect = useQuery(withoutQuery(run.id, source));
  if (effect.isError) return <Failure error={effect.error} retry={() => void effect.refetch()} />;
  if (!effect.data) return <Skeleton height={140} />;
  const { keptNow, keptWithout, replaced, lost, sha256 } = effect.data;
  return (
    <Stack>
      <Text>{t.queries.left(source.category ?? '', f.number(keptNow), f.number(keptWithout))}</Text>
      <Text size="sm" c="dimmed">
        {t.queries.parts(lost.train, lost.validation, lost.test)}{' '}
        {replaced > 0 && t.queries.replaced(replaced)}
      </Text>
      <Button
        color="red.9"
        disabled={sha256.length === 0}
        onClick={() => {
          review.decide(
            sha256.map((one) => ({ sha256: one, category: source.category ?? '' })),
            'drop',
          );
          close();
        }}
      >
        {t.queries.dropAll(sha256.length)}
      </Button>
      <Text size="xs" c="dimmed">
        {t.queries.dropNote}
      </Text>
    </Stack>
  );
}
