import { Badge, Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { projectRunsQuery, reportQuery, zooOf } from '../../api/queries';
import { Failure } from '../../parts/states';
import { useModality, useSpeech } from '../../texts/texts';

/** The pretrained networks that a search can stand on, and which of them the last search of the project did not know. */
export function ZooTab({ projectId }: { projectId: string }) {
  const { t, f } = useSpeech();
  const zoo = useQuery(zooOf(useModality()));
  const tried = useTried(projectId);
  if (zoo.isError) return <Failure error={zoo.error} retry={() => void zoo.refetch()} />;
  if (!zoo.data) return <Skeleton height={360} radius="lg" />;
  return (
    <div className="graft-surface">
      <Table.ScrollContainer
        minWidth={760}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t.models.tabs.zoo } }}
      >
        <Table verticalSpacing="sm" horizontalSpacing="md" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.board.backbone}</Table.Th>
              <Table.Th>{t.zoo.pretrainedOn}</Table.Th>
              <Table.Th>{t.pictures.licence}</Table.Th>
              <Table.Th ta="right">{t.zoo.size}</Table.Th>
              <Table.Th ta="right">{t.zoo.taps}</Table.Th>
              <Table.Th>{t.pictures.state}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {zoo.data.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <Text size="sm" fw={550}>
                    {one.id}
                    {tried && !tried.has(one.id) && (
                      <Badge ml="xs" variant="light" tt="none">
                        {t.zoo.untried}
                      </Badge>
                    )}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {one.family} · {one.input}
                  </Text>
                </Table.Td>
                <Table.Td maw={280}>{one.pretrainedOn}</Table.Td>
                <Table.Td>{one.licence}</Table.Td>
                <Table.Td ta="right">{one.bytes === null ? '–' : f.bytes(one.bytes)}</Table.Td>
                <Table.Td ta="right">{one.taps ?? '–'}</Table.Td>
                <Table.Td>
                  <Badge variant="light" color={one.installed ? 'leaf' : 'gray'} tt="none">
                    {one.installed ? t.zoo.installed : t.zoo.sources[one.source]}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

/** Backbones that the last search of the project looked at, those it dropped early included; null where there was none. */
function useTried(projectId: string): ReadonlySet<string> | null {
  const runs = useQuery(projectRunsQuery(projectId));
  const last = runs.data?.find(({ state }) => state === 'succeeded');
  const report = useQuery({ ...reportQuery(last?.id ?? ''), enabled: last !== undefined });
  if (!report.data) return null;
  const { trials, selection } = report.data;
  return new Set([
    ...trials.map(({ backbone }) => backbone),
    ...(selection?.droppedBackbones ?? []).map(({ backbone }) => backbone),
  ]);
}
