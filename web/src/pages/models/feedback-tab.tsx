import { Badge, Button, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconMessageCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, correctionUrl, type Correction } from '../../api/client';
import { correctionsQuery } from '../../api/queries';
import { Excerpt } from '../../parts/item';
import { Empty, Failure } from '../../parts/states';
import { Surface } from '../../parts/surface';
import { useModality, useSpeech } from '../../texts/texts';

/** What people said was wrong: each correction waits here until somebody accepts it or does not. */
export function FeedbackTab({ projectId }: { projectId: string }) {
  const { t } = useSpeech();
  const corrections = useQuery(correctionsQuery(projectId));
  if (corrections.isError)
    return <Failure error={corrections.error} retry={() => void corrections.refetch()} />;
  if (!corrections.data) return <Skeleton height={240} radius="lg" />;
  if (corrections.data.length === 0)
    return (
      <Empty icon={IconMessageCheck} title={t.feedback.none}>
        {t.feedback.noneText}
      </Empty>
    );
  const waiting = corrections.data.filter(({ state }) => state === 'pending');
  const decided = corrections.data.filter(({ state }) => state !== 'pending');
  return (
    <Stack gap="lg">
      {waiting.length > 0 && (
        <Surface title={t.feedback.waiting} hint={t.feedback.hint}>
          <Cards corrections={waiting} />
        </Surface>
      )}
      {decided.length > 0 && (
        <Surface title={t.feedback.decided}>
          <Cards corrections={decided} />
        </Surface>
      )}
    </Stack>
  );
}

function Cards({ corrections }: { corrections: readonly Correction[] }) {
  return (
    <SimpleGrid cols={useModality() === 'text' ? { base: 1, sm: 2, lg: 3 } : { base: 2, sm: 3, lg: 5 }}>
      {corrections.map((one) => (
        <CorrectionCard key={one.id} correction={one} />
      ))}
    </SimpleGrid>
  );
}

function CorrectionCard({ correction }: { correction: Correction }) {
  const { t, f } = useSpeech();
  const { id, label, predicted, state, createdAt } = correction;
  const what = predicted === null ? label : t.feedback.rather(predicted, label);
  return (
    <article aria-label={what}>
      <Corrected url={correctionUrl(id)} alt={what} />
      <Text size="sm" fw={550} mt={4} style={{ overflowWrap: 'anywhere' }}>
        {what}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {f.when(createdAt)}
      </Text>
      {state === 'pending' ? (
        <Decide correction={correction} />
      ) : (
        <Badge variant="light" color={state === 'accepted' ? 'leaf' : 'gray'} tt="none">
          {t.feedback.states[state]}
        </Badge>
      )}
    </article>
  );
}

function Corrected({ url, alt }: { url: string; alt: string }) {
  if (useModality() === 'text') return <Excerpt url={url} />;
  return (
    <img
      src={url}
      alt={alt}
      width={192}
      height={192}
      className="graft-checker"
      style={{
        width: '100%',
        height: 'auto',
        aspectRatio: '1',
        objectFit: 'contain',
        borderRadius: 'var(--mantine-radius-md)',
      }}
    />
  );
}

function Decide({ correction: { id, projectId } }: { correction: Correction }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const deciding = useMutation({
    mutationFn: (accepted: boolean) => {
      const params = { params: { path: { feedbackId: id } } };
      return ask(
        accepted
          ? api.POST('/api/feedback/{feedbackId}/accept', params)
          : api.POST('/api/feedback/{feedbackId}/reject', params),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: correctionsQuery(projectId).queryKey }),
  });
  return (
    <Group gap={6}>
      <Button size="compact-sm" loading={deciding.isPending} onClick={() => deciding.mutate(true)}>
        {t.feedback.accept}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={deciding.isPending}
        onClick={() => deciding.mutate(false)}
      >
        {t.feedback.reject}
      </Button>
    </Group>
  );
}
