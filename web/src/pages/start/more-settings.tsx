import { useState } from 'react';
import { Accordion, Checkbox, MultiSelect, NumberInput, Select, SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { zooOf } from '../../api/queries';
import { useSpeech } from '../../texts/texts';
import { EXTRAS, type ChangeDraft, type Draft } from './draft';

const CURATE = ['drop', 'queue', 'off'] as const;

/** What most people never need to touch. */
export function MoreSettings({ draft, onChange }: { draft: Draft; onChange: ChangeDraft }) {
  const { t } = useSpeech();
  const [open, setOpen] = useState<string | null>(null);
  const zoo = useQuery({ ...zooOf(draft.modality), enabled: open !== null });
  return (
    <Accordion
      value={open}
      onChange={setOpen}
      variant="contained"
      radius="lg"
      styles={{ item: { background: 'var(--graft-surface)' } }}
      order={2}
    >
      <Accordion.Item value="more">
        <Accordion.Control>{t.start.more}</Accordion.Control>
        <Accordion.Panel>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            {draft.modality === 'image' && (
              <Select
                label={t.start.curate}
                allowDeselect={false}
                data={CURATE.map((value) => ({ value, label: t.start.curates[value] }))}
                value={draft.curate}
                onChange={(curate) => curate && onChange({ curate })}
              />
            )}
            <NumberInput
              label={t.start.budget}
              placeholder={t.start.noBudget}
              min={1}
              allowDecimal={false}
              value={draft.budgetMinutes ?? ''}
              onChange={(value) => onChange({ budgetMinutes: typeof value === 'number' ? value : null })}
            />
            <Limit
              label={t.start.maxTrials}
              value={draft.maxTrials}
              allowDecimal={false}
              onChange={(maxTrials) => onChange({ maxTrials })}
            />
            <Limit
              label={t.start.maxLatency}
              value={draft.maxLatencyMs}
              onChange={(maxLatencyMs) => onChange({ maxLatencyMs })}
            />
            <Limit
              label={t.start.maxSize}
              value={draft.maxSizeMb}
              onChange={(maxSizeMb) => onChange({ maxSizeMb })}
            />
            <NumberInput
              label={t.start.seed}
              min={0}
              max={4_294_967_295}
              allowDecimal={false}
              value={draft.seed}
              onChange={(value) => typeof value === 'number' && onChange({ seed: value })}
            />
          </SimpleGrid>
          <MultiSelect
            mt="md"
            label={t.start.backbones}
            placeholder={draft.backbones.length === 0 ? t.start.allBackbones : undefined}
            data={(zoo.data ?? []).map(({ id }) => id)}
            value={[...draft.backbones]}
            onChange={(backbones) => onChange({ backbones })}
            clearable
            searchable
          />
          {draft.modality === 'image' && <Extras draft={draft} onChange={onChange} />}
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

/** What costs time and is not always worth it. */
function Extras({ draft, onChange }: { draft: Draft; onChange: ChangeDraft }) {
  const { t } = useSpeech();
  return (
    <Checkbox.Group
      mt="md"
      label={t.start.extras}
      description={t.start.extrasHint}
      value={[...draft.extras]}
      onChange={(extras) => onChange({ extras: extras })}
    >
      <SimpleGrid cols={{ base: 1, sm: 3 }} mt="xs">
        {EXTRAS.map((extra) => (
          <Checkbox
            key={extra}
            value={extra}
            label={t.start.extra[extra].title}
            description={t.start.extra[extra].what}
          />
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}

interface LimitProps {
  readonly label: string;
  readonly value: number | null;
  readonly allowDecimal?: boolean;
  readonly onChange: (value: number | null) => void;
}

/** A number that need not be given. */
function Limit({ value, allowDecimal = true, onChange, label }: LimitProps) {
  const { t } = useSpeech();
  return (
    <NumberInput
      label={label}
      placeholder={t.start.noLimit}
      min={allowDecimal ? 0.1 : 1}
      allowDecimal={allowDecimal}
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}
