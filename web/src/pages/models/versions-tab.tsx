import { useState } from 'react';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconCamera, IconCrown, IconPackages, IconTrophy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Model, Schemas } from '../../api/client';
import { historyQuery, modelsQuery } from '../../api/queries';
import { Empty, Failure, PageWaiting } from '../../parts/states';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';
import { ChangeDialog, type Change } from './change-dialog';
import { Comparison } from './comparison';
import { History } from './history';

type ModelEvent = Schemas['ModelEventDto'];

/** The versions of a project, which of them answers, and how that came about. */
export function VersionsTab({ projectId }: { projectId: string }) {
  const { t } = useSpeech();
  const models = useQuery(modelsQuery());
  const history = useQuery(historyQuery(projectId));
  const [change, ask] = useState<Change | null>(null);
  if (models.isError) return <Failure error={models.error} retry={() => void models.refetch()} />;
  if (!models.data) return <PageWaiting />;
  const own = models.data.filter((model) => model.projectId === projectId);
  if (own.length === 0) return <NoModel />;
  const champion = own.find(({ aliases }) => aliases.includes('champion'));
  const rivals = own.filter((model) => model !== champion);
  return (
    <Stack gap="lg">
      {canRollBack(history.data) && (
        <Group justify="flex-end">
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={17} aria-hidden />}
            onClick={() => ask({ kind: 'rollback', projectId })}
          >
            {t.models.rollBack}
          </Button>
        </Group>
      )}
      <Stack gap="md">
        {own.map((model) => (
          <Version
            key={model.id}
            model={model}
            onPromote={() => ask({ kind: 'promote', projectId, model })}
          />
        ))}
      </Stack>
      {champion && rivals.length > 0 && <Comparison champion={champion} rivals={rivals} />}
      {history.data && history.data.length > 0 && (
        <Surface title={t.models.history}>
          <History events={history.data} />
        </Surface>
      )}
      <ChangeDialog change={change} close={() => ask(null)} />
    </Stack>
  );
}

/** There is a champion before this one to go back to. */
const canRollBack = (events: readonly ModelEvent[] | undefined): boolean =>
  (events ?? []).some(({ action, from }) => (action === 'promoted' || action === 'built') && from !== null);

function NoModel() {
  const { t } = useSpeech();
  return (
    <Empty
      icon={IconPackages}
      title={t.models.none}
      action={<Button renderRoot={(props) => <Link to="/" {...props} />}>{t.nav.start}</Button>}
    >
      {t.models.noneText}
    </Empty>
  );
}

function Version({ model, onPromote }: { model: Model; onPromote: () => void }) {
  const { t, f } = useSpeech();
  const { backbone, tap, head, test, cost } = model.summary;
  const reigns = model.aliases.includes('champion');
  return (
    <section
      className="graft-surface"
      style={{ padding: '1rem 1.25rem', borderColor: reigns ? 'var(--mantine-color-leaf-5)' : undefined }}
      aria-label={t.models.version(model.version)}
    >
      <Group justify="space-between" gap="md">
        <div>
          <Group gap="xs">
            <Text fw={650} fz="lg">
              {t.models.version(model.version)}
            </Text>
            {model.aliases.map((alias) => (
              <Badge key={alias} tt="none" size="lg" variant={alias === 'champion' ? 'filled' : 'light'}>
                {t.models.aliases[alias as keyof typeof t.models.aliases] ?? alias}
              </Badge>
            ))}
          </Group>
          <Text size="sm" mt={2}>
            <b>{f.percent(test.accuracy)}</b> ({f.interval(test.interval)}) · {backbone} · {tap} · {head}
          </Text>
          <Text size="sm" c="dimmed">
            {f.when(model.createdAt)} · {t.models.weights(f.compact(cost.totalParams))}
            {cost.latencyMs === null ? '' : ` · ${f.latency(cost.latencyMs)}`}
          </Text>
        </div>
        <Group gap="xs">
          {!reigns && (
            <Button size="sm" leftSection={<IconCrown size={16} aria-hidden />} onClick={onPromote}>
              {t.models.promote}
            </Button>
          )}
          <Button
            size="sm"
            variant="default"
            leftSection={<IconTrophy size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/runs/$runId/leaderboard" params={{ runId: model.runId }} {...props} />
            )}
          >
            {t.nav.leaderboard}
          </Button>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconCamera size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/models/$model" params={{ model: model.id }} {...props} />}
          >
            {t.nav.try}
          </Button>
        </Group>
      </Group>
    </section>
  );
}
