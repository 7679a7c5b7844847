import { Alert, Button, Grid, Group, Stack, Text } from '@mantine/core';
import {
  IconDownload,
  IconPhotoSearch,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrophy,
} from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, ask, type Run } from '../../api/client';
import { facetsQuery, projectQuery, runQuery } from '../../api/queries';
import { isOver, useLiveRun } from '../../api/use-live-run';
import { toFlow } from '../../lib/flow';
import { Page } from '../../parts/page';
import { RunBadge } from '../../parts/run-badge';
import { RunPicker } from '../../parts/run-picker';
import { Failure, PageWaiting } from '../../parts/states';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';
import { Arrivals } from './arrivals';
import { CategoryProgress } from './category-progress';
import { Flow } from './flow';
import { Ready } from './ready';
import { RunClock } from './run-clock';

const LOOK_MS = 2000;

/** A run as it happens. */
export function RunPage() {
  const { runId } = useParams({ from: '/shell/runs/$runId' });
  const run = useLiveRun(runId);
  if (run.isError) return <Failure error={run.error} retry={() => void run.refetch()} />;
  if (!run.data) return <PageWaiting />;
  return <LiveRun key={runId} run={run.data} />;
}

function LiveRun({ run }: { run: Run }) {
  const { t } = useSpeech();
  const over = isOver(run.state);
  const project = useQuery(projectQuery(run.projectId));
  const facets = useQuery({ ...facetsQuery(run.id), refetchInterval: over ? false : LOOK_MS });
  return (
    <Page
      title={project.data?.name ?? t.run.title}
      lead={
        <Group gap="sm" aria-live="polite">
          <RunBadge state={run.state} />
          <RunClock run={run} />
        </Group>
      }
      actions={<RunActions run={run} />}
    >
      <Stack gap="lg">
        <RunPicker run={run} to="/runs/$runId" />
        {run.state === 'succeeded' && run.modelId && <Ready modelId={run.modelId} />}
        {run.error && <RunFailed run={run} />}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }}>
            <Surface title={t.run.flow}>
              <Flow runId={run.id} steps={toFlow(run, facets.data)} />
            </Surface>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }}>
            <Stack gap="lg">
              <Surface title={t.run.categories}>
                <CategoryProgress run={run} facets={facets.data} />
              </Surface>
              <Surface title={over ? t.run.newest : t.run.arriving}>
                <Arrivals run={run} />
              </Surface>
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </Page>
  );
}

function RunActions({ run }: { run: Run }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const told = { onSuccess: (next: Run) => client.setQueryData(runQuery(run.id).queryKey, next) };
  const params = { params: { path: { runId: run.id } } };
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/runs/{runId}/cancel', params)),
    ...told,
  });
  const resume = useMutation({
    mutationFn: () => ask(api.POST('/api/runs/{runId}/resume', params)),
    ...told,
  });
  return (
    <>
      {!isOver(run.state) && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={17} aria-hidden />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {t.run.cancel}
        </Button>
      )}
      {(run.state === 'cancelled' || run.state === 'failed') && (
        <Button
          leftSection={<IconPlayerPlay size={17} aria-hidden />}
          loading={resume.isPending}
          onClick={() => resume.mutate()}
        >
          {t.run.resume}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconPhotoSearch size={17} aria-hidden />}
        renderRoot={(props) => <Link to="/runs/$runId/pictures" params={{ runId: run.id }} {...props} />}
      >
        {t.nav.pictures}
      </Button>
      {run.state === 'succeeded' && (
        <>
          <Button
            variant="default"
            leftSection={<IconTrophy size={17} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/runs/$runId/leaderboard" params={{ runId: run.id }} {...props} />
            )}
          >
            {t.nav.leaderboard}
          </Button>
          {run.settings.modality !== 'text' && (
            <Button
              component="a"
              href={`/api/runs/${run.id}/attribution`}
              variant="default"
              leftSection={<IconDownload size={17} aria-hidden />}
            >
              {t.run.attribution}
            </Button>
          )}
        </>
      )}
    </>
  );
}

function RunFailed({ run }: { run: Run }) {
  const { t } = useSpeech();
  if (!run.error) return null;
  const { message, fix, stage } = run.error;
  return (
    <Alert color="red" variant="light" title={stage ? t.run.failedIn(t.stages[stage]) : t.runStates.failed}>
      <Text size="sm">{message}</Text>
      {fix && (
        <Text size="sm" mt={6} fw={550}>
          {fix}
        </Text>
      )}
    </Alert>
  );
}
