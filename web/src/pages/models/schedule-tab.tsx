import { Alert, Button, Group, List, Skeleton, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../../api/client';
import { retrainingsQuery, scheduleQuery } from '../../api/queries';
import { Failure } from '../../parts/states';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';
import { Retrainings } from './retrainings';
import { ScheduleForm } from './schedule-form';

/** When the project is trained again, what sets it off, and how the challengers did. */
export function ScheduleTab({ projectId }: { projectId: string }) {
  const { t, f } = useSpeech();
  const schedule = useQuery(scheduleQuery(projectId));
  const retrainings = useQuery({ ...retrainingsQuery(projectId), refetchInterval: 5000 });
  if (schedule.isError) return <Failure error={schedule.error} retry={() => void schedule.refetch()} />;
  if (!schedule.data) return <Skeleton height={420} radius="lg" />;
  const { nextFirings, pollError, updatedAt } = schedule.data;
  return (
    <Stack gap="lg">
      <Surface title={t.schedule.title} hint={t.schedule.hint} aside={<RetrainNow projectId={projectId} />}>
        <ScheduleForm key={updatedAt} projectId={projectId} schedule={schedule.data} />
      </Surface>
      {pollError && (
        <Alert color="yellow" variant="light" title={t.schedule.pollFailed}>
          {pollError}
        </Alert>
      )}
      <Surface title={t.schedule.next}>
        {nextFirings.length === 0 ? (
          <Text c="dimmed">{t.schedule.never}</Text>
        ) : (
          <List size="sm">
            {nextFirings.map(({ at }) => (
              <List.Item key={at}>{f.when(at)}</List.Item>
            ))}
          </List>
        )}
      </Surface>
      {retrainings.data && retrainings.data.length > 0 && (
        <Surface title={t.schedule.retrainings}>
          <Retrainings retrainings={retrainings.data} />
        </Surface>
      )}
    </Stack>
  );
}

function RetrainNow({ projectId }: { projectId: string }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const retraining = useMutation({
    mutationFn: () =>
      ask(api.POST('/api/projects/{projectId}/retrain', { params: { path: { projectId } }, body: {} })),
    onSuccess: () => client.invalidateQueries({ queryKey: retrainingsQuery(projectId).queryKey }),
  });
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={15} aria-hidden />}
        loading={retraining.isPending}
        onClick={() => retraining.mutate()}
      >
        {t.schedule.now}
      </Button>
    </Group>
  );
}
