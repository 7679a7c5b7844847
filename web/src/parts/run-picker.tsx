import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Run } from '../api/client';
import { projectRunsQuery } from '../api/queries';
import { useSpeech } from '../texts/texts';

interface RunPickerProps {
  readonly run: Run;
  readonly to: '/runs/$runId' | '/runs/$runId/pictures' | '/runs/$runId/leaderboard';
}

/** Other runs of the same project; nothing while there is one. */
export function RunPicker({ run, to }: RunPickerProps) {
  const { t, f } = useSpeech();
  const navigate = useNavigate();
  const runs = useQuery(projectRunsQuery(run.projectId));
  const all = runs.data ?? [];
  if (all.length < 2) return null;
  return (
    <Select
      aria-label={t.run.pick}
      maw={420}
      allowDeselect={false}
      value={run.id}
      data={all.map((one, index) => ({
        value: one.id,
        label: `${t.run.numbered(all.length - index)} · ${f.when(one.createdAt)} · ${t.runStates[one.state]}`,
      }))}
      onChange={(runId) => runId && void navigate({ to, params: { runId } })}
    />
  );
}
