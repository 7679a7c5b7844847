import { Group, Text } from '@mantine/core';
import type { Scored } from '../../lib/board';
import { useSpeech } from '../../texts/texts';

/** An accuracy as a dot in its interval, on a scale from 0 to 1. */
export function IntervalBar({ validation }: { validation: Scored['validation'] }) {
  const { f } = useSpeech();
  const { accuracy, interval } = validation;
  const [low = 0, high = 0] = interval;
  return (
    <Group gap="xs" wrap="nowrap">
      <svg width="72" height="11" viewBox="0 0 90 14" aria-hidden style={{ flexShrink: 0 }}>
        <line x1="0" x2="90" y1="7" y2="7" stroke="var(--graft-line)" strokeWidth="2" />
        <line
          x1={low * 90}
          x2={high * 90}
          y1="7"
          y2="7"
          stroke="var(--mantine-color-leaf-4)"
          strokeWidth="5"
          strokeLinecap="round"
        />
        <circle cx={accuracy * 90} cy="7" r="4" fill="var(--graft-good)" />
      </svg>
      <div style={{ whiteSpace: 'nowrap' }}>
        <b>{f.percent(accuracy)}</b>
        <Text size="xs" c="dimmed">
          {f.interval(interval)}
        </Text>
      </div>
    </Group>
  );
}
