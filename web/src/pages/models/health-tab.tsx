import { SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { healthQuery, monitoringQuery, readyQuery } from '../../api/queries';
import { Failure } from '../../parts/states';
import { useSpeech } from '../../texts/texts';

const EVERY = { refetchInterval: 10_000 } as const;

/** Whether the service works, and how the champion of the project does on what it is asked. */
export function HealthTab({ projectId }: { projectId: string }) {
  const { t } = useSpeech();
  const health = useQuery({ ...healthQuery(), ...EVERY });
  const ready = useQuery({ ...readyQuery(), ...EVERY, retry: false });
  if (health.isError) return <Failure error={health.error} retry={() => void health.refetch()} />;
  if (!health.data) return <Skeleton height={120} radius="lg" />;
  const { version, database, dataDir } = health.data;
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          [t.health.status, ready.isError ? `${t.health.notReady}: ${ready.error.message}` : t.health.ok],
          [t.health.version, version],
          [t.health.database, database === 'pglite' ? 'PGlite' : 'PostgreSQL'],
          [t.health.folder, dataDir ?? '–'],
        ]}
      />
      <Watch model={`${projectId}:champion`} />
    </Stack>
  );
}

/** Of a project without a model there is nothing to be said. */
function Watch({ model }: { model: string }) {
  const { t, f } = useSpeech();
  const monitoring = useQuery({ ...monitoringQuery(model), ...EVERY, retry: false });
  if (!monitoring.data) return null;
  const { predictions, errors, meanConfidence, meanLatencyMs, drift } = monitoring.data;
  const p = (value: number): string => value.toPrecision(2);
  return (
    <section aria-label={t.health.watch}>
      <Text component="h2" fw={650} fz="lg" m={0} mb="sm">
        {t.health.watch}
      </Text>
      <Facts
        facts={[
          [t.health.predictions, f.number(predictions)],
          [t.health.errors, f.number(errors)],
          [t.health.confidence, meanConfidence === null ? '–' : f.percent(meanConfidence)],
          [t.health.latency, meanLatencyMs === null ? '–' : f.latency(meanLatencyMs)],
          ...drift.map(({ kind, alarm, pValue }): Fact => [
            t.health.drift[kind],
            alarm ? t.health.alarm(p(pValue)) : t.health.quiet(p(pValue)),
          ]),
        ]}
      />
    </section>
  );
}

type Fact = readonly [name: string, value: string];

function Facts({ facts }: { facts: readonly Fact[] }) {
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
