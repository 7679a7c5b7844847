import { useRef, useState } from 'react';
import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconFileZip, IconFolder, IconPhoto, IconUpload, IconX } from '@tabler/icons-react';
import { fromDrop, fromInput, isZip, type Brought } from '../../lib/dropped-files';
import { useSpeech } from '../../texts/texts';
import { withBrought, type Bundle, type ChangeDraft, type Draft } from './draft';

interface OwnPicturesProps {
  readonly draft: Draft;
  readonly onChange: ChangeDraft;
}

/** Folders, zips and pictures, dropped or chosen. */
export function OwnPicturesInput({ draft, onChange }: OwnPicturesProps) {
  const take = (brought: readonly Brought[]): void => {
    if (brought.length > 0) onChange(withBrought(draft, brought));
  };
  return (
    <Stack gap="sm">
      <DropArea onBrought={take} />
      {draft.bundles.length > 0 && (
        <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
          {draft.bundles.map((bundle) => (
            <BundleRow key={bundle.id} bundle={bundle} draft={draft} onChange={onChange} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function DropArea({ onBrought }: { onBrought: (brought: readonly Brought[]) => void }) {
  const { t } = useSpeech();
  const [over, setOver] = useState(false);
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void fromDrop(event.dataTransfer).then(onBrought);
      }}
      style={{
        border: `1.5px dashed ${over ? 'var(--graft-good)' : 'var(--mantine-color-default-border)'}`,
        background: over ? 'var(--mantine-color-leaf-light)' : undefined,
        borderRadius: 'var(--mantine-radius-md)',
        padding: '1.25rem',
      }}
    >
      <Group justify="space-between" gap="md">
        <Group gap="sm" wrap="nowrap" style={{ flex: '1 1 16rem' }}>
          <IconUpload size={22} aria-hidden color="var(--mantine-color-dimmed)" />
          <Text size="sm">{t.start.drop}</Text>
        </Group>
        <Group gap="xs">
          <Chooser label={t.start.chooseFiles} onBrought={onBrought} />
          <Chooser label={t.start.chooseFolder} folder onBrought={onBrought} />
        </Group>
      </Group>
    </div>
  );
}

interface ChooserProps {
  readonly label: string;
  readonly folder?: boolean;
  readonly onBrought: (brought: readonly Brought[]) => void;
}

function Chooser({ label, folder = false, onBrought }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null);
  const attributes = folder ? { webkitdirectory: '' } : { accept: 'image/*,.zip' };
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        {...attributes}
        onChange={(event) => {
          onBrought(fromInput(event.currentTarget.files ?? []));
          event.currentTarget.value = '';
        }}
      />
      <Button variant="default" size="xs" onClick={() => input.current?.click()}>
        {label}
      </Button>
    </>
  );
}

function BundleRow({ bundle, draft, onChange }: OwnPicturesProps & { bundle: Bundle }) {
  const { t, f } = useSpeech();
  const zips = bundle.files.some(isZip);
  const Mark = zips ? IconFileZip : bundle.folder === null ? IconPhoto : IconFolder;
  const replace = (next: Bundle | null): void =>
    onChange({
      bundles: draft.bundles.flatMap((one) => (one.id !== bundle.id ? [one] : next ? [next] : [])),
    });
  const name = bundle.folder ?? bundle.files[0]?.name ?? '';
  const bytes = bundle.files.reduce((sum, file) => sum + file.size, 0);
  return (
    <Group component="li" gap="sm" wrap="nowrap">
      <Mark size={20} aria-hidden style={{ flexShrink: 0 }} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" truncate>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {t.start.bundle(bundle.files.length)}, {f.bytes(bytes)}
        </Text>
      </div>
      <Select
        aria-label={t.start.bundleCategory(name)}
        placeholder={t.start.category}
        data={[...draft.names]}
        value={bundle.category}
        onChange={(category) => replace({ ...bundle, category })}
        w={180}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t.start.removeBundle(name)}
        onClick={() => replace(null)}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
