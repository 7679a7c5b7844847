import { useEffect, useState } from 'react';
import {
  Button,
  Fieldset,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../api/client';
import { scheduleQuery } from '../../api/queries';
import { cronInWords } from '../../lib/cron';
import { useSpeech } from '../../texts/texts';

type Schedule = Schemas['ScheduleViewDto'];

const PRESETS = { off: null, daily: '0 3 * * *', weekly: '0 3 * * 1', monthly: '0 3 1 * *' } as const;

const presetOf = (cron: string | null): string =>
  Object.entries(PRESETS).find(([, one]) => one === cron)?.[0] ?? 'custom';

const numberOrNull = (value: string | number): number | null => (typeof value === 'number' ? value : null);

export function ScheduleForm({ projectId, schedule }: { projectId: string; schedule: Schedule }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [draft, setDraft] = useState(schedule);
  const [custom, setCustom] = useState(presetOf(schedule.cron) === 'custom');
  const change = (next: Partial<Schedule>): void => setDraft({ ...draft, ...next });
  const saving = useMutation({
    mutationFn: () => {
      const { cron, timeZone, feed, triggers, policy, paused } = draft;
      return ask(
        api.PUT('/api/projects/{projectId}/schedule', {
          params: { path: { projectId } },
          body: { cron, timeZone, feed, triggers, policy, paused },
        }),
      );
    },
    onSuccess: (saved) => client.setQueryData(scheduleQuery(projectId).queryKey, saved),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Select
            label={t.schedule.when}
            allowDeselect={false}
            data={(['off', 'daily', 'weekly', 'monthly', 'custom'] as const).map((value) => ({
              value,
              label: t.schedule.presets[value],
            }))}
            value={custom ? 'custom' : presetOf(draft.cron)}
            onChange={(value) => {
              setCustom(value === 'custom');
              if (value && value in PRESETS) change({ cron: PRESETS[value as keyof typeof PRESETS] });
            }}
          />
          <TextInput
            label={t.schedule.cron}
            readOnly={!custom}
            value={draft.cron ?? ''}
            onChange={(event) => change({ cron: event.currentTarget.value || null })}
          />
          <TextInput
            label={t.schedule.timeZone}
            value={draft.timeZone}
            onChange={(event) => change({ timeZone: event.currentTarget.value })}
          />
        </SimpleGrid>
        <CronWords cron={draft.cron} />
        <Switch
          label={t.schedule.paused}
          checked={draft.paused}
          onChange={(event) => change({ paused: event.currentTarget.checked })}
        />
        <TriggersFields draft={draft} change={change} />
        <PolicyFields draft={draft} change={change} />
        <div>
          <Button type="submit" loading={saving.isPending}>
            {t.schedule.save}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

interface FieldsProps {
  readonly draft: Schedule;
  readonly change: (next: Partial<Schedule>) => void;
}

/** What sets a retraining off apart from the clock. */
function TriggersFields({ draft, change }: FieldsProps) {
  const { t } = useSpeech();
  const { triggers } = draft;
  return (
    <Fieldset legend={t.schedule.triggers}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Switch
          label={t.schedule.newBackbones}
          checked={triggers.newBackbones}
          onChange={(event) =>
            change({ triggers: { ...triggers, newBackbones: event.currentTarget.checked } })
          }
        />
        <Switch
          label={t.schedule.drift}
          checked={triggers.drift}
          onChange={(event) => change({ triggers: { ...triggers, drift: event.currentTarget.checked } })}
        />
        <NumberInput
          label={t.schedule.newPictures}
          placeholder={t.schedule.neverTrigger}
          min={1}
          value={triggers.newPictures ?? ''}
          onChange={(value) => change({ triggers: { ...triggers, newPictures: numberOrNull(value) } })}
        />
        <NumberInput
          label={t.schedule.feedback}
          placeholder={t.schedule.neverTrigger}
          min={1}
          value={triggers.feedback ?? ''}
          onChange={(value) => change({ triggers: { ...triggers, feedback: numberOrNull(value) } })}
        />
      </SimpleGrid>
    </Fieldset>
  );
}

/** When a challenger wins. */
function PolicyFields({ draft, change }: FieldsProps) {
  const { t } = useSpeech();
  const { policy } = draft;
  return (
    <Fieldset legend={t.schedule.policy}>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NumberInput
          label={t.schedule.margin}
          min={0}
          max={100}
          value={100 * policy.margin}
          onChange={(value) => change({ policy: { ...policy, margin: (numberOrNull(value) ?? 0) / 100 } })}
        />
        <NumberInput
          label={t.schedule.maxLatency}
          placeholder={t.schedule.any}
          min={1}
          value={policy.maxLatencyMs ?? ''}
          onChange={(value) => change({ policy: { ...policy, maxLatencyMs: numberOrNull(value) } })}
        />
        <NumberInput
          label={t.schedule.shadow}
          min={0}
          value={policy.shadowRequests}
          onChange={(value) => change({ policy: { ...policy, shadowRequests: numberOrNull(value) ?? 0 } })}
        />
      </SimpleGrid>
    </Fieldset>
  );
}

/** A cron expression in plain words, in the language of the page. */
function CronWords({ cron }: { cron: string | null }) {
  const { t, language } = useSpeech();
  const [words, setWords] = useState('');
  useEffect(() => {
    let current = true;
    if (cron !== null)
      void cronInWords(cron, language).then((text) => current && setWords(text ?? t.schedule.badCron));
    return () => {
      current = false;
    };
  }, [cron, language, t]);
  return (
    <Text size="sm" c="dimmed" mih="1.5em" aria-live="polite">
      {cron === null ? t.schedule.onTriggers : words}
    </Text>
  );
}
