import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { uploadBatch } from '../../api/build';
import type { Model, Prediction } from '../../api/client';
import { useSpeech } from '../../texts/texts';

interface FeedbackProps {
  readonly model: Model;
  readonly prediction: Prediction;
  readonly picture: Blob;
}

/** "Wrong, it is X": the picture joins the own pictures of that category, and the next run learns from it. */
export function Feedback({ model, prediction, picture }: FeedbackProps) {
  const { t } = useSpeech();
  const telling = useMutation({
    mutationFn: (label: string) =>
      uploadBatch(model.projectId, label, [
        new File([picture], `wrong-${prediction.label}-${Date.now()}.jpg`, { type: picture.type }),
      ]),
  });
  if (telling.isSuccess) return <Text size="sm">{t.try.thanks(telling.variables)}</Text>;
  return (
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
            loading={telling.isPending}
            onClick={() => telling.mutate(label)}
          >
            {label}
          </Button>
        ))}
    </Group>
  );
}
