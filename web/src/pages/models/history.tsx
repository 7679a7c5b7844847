import { Text, Timeline } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { useSpeech } from '../../texts/texts';

/** Every change of who answers, with who made it and why. */
export function History({ events }: { events: readonly Schemas['ModelEventDto'][] }) {
  const { t, f } = useSpeech();
  return (
    <Timeline bulletSize={14} lineWidth={2}>
      {events.map((event) => (
        <Timeline.Item
          key={event.id}
          title={t.models.event(
            t.models.actions[event.action],
            t.models.aliases[event.alias],
            event.from?.version ?? null,
            event.to?.version ?? null,
          )}
          styles={{ itemTitle: { fontSize: 15 } }}
        >
          <Text size="sm">{event.reason}</Text>
          <Text size="xs" c="dimmed">
            {f.when(event.at)} · {event.actor}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
