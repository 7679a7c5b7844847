import { Badge } from '@mantine/core';
import type { Run } from '../api/client';
import { useSpeech } from '../texts/texts';

const COLORS: Readonly<Record<Run['state'], string>> = {
  queued: 'gray',
  running: 'blue',
  succeeded: 'leaf',
  failed: 'red',
  cancelled: 'gray',
};

export function RunBadge({ state }: { state: Run['state'] }) {
  const { t } = useSpeech();
  return (
    <Badge variant="light" color={COLORS[state]} tt="none" size="lg" fw={550}>
      {t.runStates[state]}
    </Badge>
  );
}
