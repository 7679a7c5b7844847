import { SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { healthQuery } from '../../api/queries';
import { Failure } from '../../parts/states';
import { useSpeech } from '../../texts/texts';

export function HealthTab() {
  const { t } = useSpeech();
  const health = useQuery({ ...healthQuery(), refetchInterval: 10_000 });
  if (health.isError) return <Failure error={health.error} retry={() => void health.refetch()} />;
  if (!health.data) return <Skeleton height={120} radius="lg" />;
  const { version, database, dataDir } = health.data;
  const facts = [
    [t.health.status, t.health.ok],
    [t.health.version, version],
    [t.health.database, database === 'pglite' ? 'PGlite' : 'PostgreSQL'],
    [t.health.folder, dataDir],
  ] as const;
  return (
    <SimpleGrid component="dl" cols={{ base: 1, sm: 2, lg: 4 }} m={0}>
      {facts.map(([name, value]) => (
        <div key={name} className="graft-surface" style={{ padding: '1rem 1.25rem' }}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} fw={600} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}
