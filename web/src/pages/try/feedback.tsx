import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Model, Prediction } from '../../api/client';
import { correct } from '../../api/feedback';
import { correctionsQuery } from '../../api/queries';
import { useSpeech } from '../../texts/texts';
import { Refused } from './refused';

interface FeedbackProps {
  readonly model: Model;
  readonly prediction: Prediction;
  /** The picture or the text. */
  readonly what: Blob | string;
}

/** "Wrong, it is X": waits on the page of the models until a person accepts it, since whoever may ask may not teach. */
export function Feedback({ model, prediction, what }: FeedbackProps) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const telling = useMutation({
    mutationFn: (label: string) => correct(model.id, what, { label, predicted: prediction.label }),
    onError: () => undefined,
    onSuccess: () => client.invalidateQueries({ queryKey: correctionsQuery(model.projectId).queryKey }),
  });
  if (telling.isSuccess) return <Text size="sm">{t.try.thanks(telling.data.label)}</Text>;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t.try.wrong}
        </Text>
        {model.labels
          .filter((label) => label !== prediction.label)
          .map((label) => (
            <Button
              key={label}
              size="compact-sm"
              variant="default"
              disabled={telling.isPending}
              loading={telling.isPending && telling.variables === label}
              onClick={() => telling.mutate(label)}
            >
              {label}
            </Button>
          ))}
      </Group>
      {telling.error && <Refused error={telling.error} />}
    </Stack>
  );
}
