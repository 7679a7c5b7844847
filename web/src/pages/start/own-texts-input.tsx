import { useRef } from 'react';
import { ActionIcon, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconFileText, IconUpload, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { readTexts } from '../../api/texts';
import { useSpeech } from '../../texts/texts';
import { labelsOf, type ChangeDraft, type Draft, type TextFile } from './draft';

interface OwnTextsProps {
  readonly draft: Draft;
  readonly onChange: ChangeDraft;
}

const TYPES = { labelled: '.csv,.jsonl,.ndjson,.json', unlabelled: '.txt,.csv,.jsonl,.ndjson,.json' };

/** Files of labelled texts, from which the labels come, and of texts without labels. */
export function OwnTextsInput({ draft, onChange }: OwnTextsProps) {
  const { t, f } = useSpeech();
  return (
    <Stack gap="md">
      <FileInput kind="labelled" draft={draft} onChange={onChange} />
      <FileInput kind="unlabelled" draft={draft} onChange={onChange} />
      {draft.texts.length > 0 && (
        <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
          {draft.texts.map((file) => (
            <FileRow key={file.id} file={file} draft={draft} onChange={onChange} />
          ))}
        </Stack>
      )}
      {labelsOf(draft).length > 0 && (
        <Group gap="xs" role="group" aria-label={t.start.labels}>
          {labelsOf(draft).map(({ label, count }) => (
            <Badge key={label} variant="light" size="lg" tt="none">
              {label} {f.number(count)}
            </Badge>
          ))}
        </Group>
      )}
    </Stack>
  );
}

function FileInput({ kind, draft, onChange }: OwnTextsProps & { kind: keyof typeof TYPES }) {
  const { t } = useSpeech();
  const input = useRef<HTMLInputElement>(null);
  const reading = useMutation({
    mutationFn: async (file: File): Promise<TextFile> => {
      const { labelled, unlabelled, leftOut } = await readTexts(kind, file);
      return { id: crypto.randomUUID(), name: file.name, labelled, unlabelled, leftOut: leftOut.length };
    },
    onSuccess: (file) => onChange({ texts: [...draft.texts, file] }),
  });
  const [title, hint, choose] =
    kind === 'labelled'
      ? [t.start.labelled, t.start.labelledHint, t.start.chooseLabelled]
      : [t.start.unlabelled, t.start.unlabelledHint, t.start.chooseUnlabelled];
  return (
    <Group
      justify="space-between"
      gap="md"
      p="md"
      style={{
        border: '1.5px dashed var(--mantine-color-default-border)',
        borderRadius: 'var(--mantine-radius-md)',
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        if (file) reading.mutate(file);
      }}
    >
      <div style={{ flex: '1 1 16rem' }}>
        <Text size="sm" fw={550}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept={TYPES[kind]}
        aria-label={choose}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) reading.mutate(file);
          event.currentTarget.value = '';
        }}
      />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconUpload size={15} aria-hidden />}
        loading={reading.isPending}
        onClick={() => input.current?.click()}
      >
        {choose}
      </Button>
    </Group>
  );
}

function FileRow({ file, draft, onChange }: OwnTextsProps & { file: TextFile }) {
  const { t } = useSpeech();
  const count = file.labelled.length + file.unlabelled.length;
  return (
    <Group component="li" gap="sm" wrap="nowrap">
      <IconFileText size={20} aria-hidden style={{ flexShrink: 0 }} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" truncate>
          {file.name}
        </Text>
        <Text size="xs" c="dimmed">
          {t.pictures.count(count)}
          {file.leftOut > 0 && `, ${t.start.leftOut(file.leftOut)}`}
        </Text>
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t.start.removeBundle(file.name)}
        onClick={() => onChange({ texts: draft.texts.filter(({ id }) => id !== file.id) })}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
