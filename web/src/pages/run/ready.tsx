import { Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { modelQuery } from '../../api/queries';
import { useSpeech } from '../../texts/texts';

/** The result in one line, and the way to use it. */
export function Ready({ modelId }: { modelId: string }) {
  const { t, f } = useSpeech();
  const model = useQuery(modelQuery(modelId));
  if (!model.data) return <Skeleton height={110} radius="lg" />;
  const { test, backbone, tap, head } = model.data.summary;
  return (
    <section
      className="graft-surface"
      aria-labelledby="ready"
      style={{ padding: '1.25rem 1.5rem', borderColor: 'var(--mantine-color-leaf-5)' }}
    >
      <Group justify="space-between" gap="md">
        <div>
          <Title order={2} id="ready" fz="lg">
            {t.run.ready}
          </Title>
          <Text mt={2}>
            <b>{f.percent(test.accuracy)}</b> {t.run.onUnseen(test.count, f.interval(test.interval))}
          </Text>
          <Text size="sm" c="dimmed">
            {backbone} · {tap} · {head}
          </Text>
        </div>
        <Button
          size="md"
          leftSection={<IconCamera size={18} aria-hidden />}
          renderRoot={(props) => <Link to="/models/$model" params={{ model: modelId }} {...props} />}
        >
          {t.nav.try}
        </Button>
      </Group>
    </section>
  );
}
