import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { useSpeech } from '../../texts/texts';

const KEYS = [
  [['←', '→', '↑', '↓'], 'arrows'],
  [['K'], 'keep'],
  [['D'], 'drop'],
  [['1', '…', '9'], 'number'],
  [['M'], 'move'],
  [['U'], 'undo'],
  [['Space'], 'select'],
  [['Shift', '→'], 'extend'],
  [['Enter'], 'story'],
  [['P'], 'page'],
  [['L'], 'licence'],
  [['Esc'], 'escape'],
] as const;

export function KeyHelp({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useSpeech();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t.review.keys}
      closeButtonProps={{ 'aria-label': t.pictures.close }}
    >
      <Stack gap="xs">
        {KEYS.map(([keys, what]) => (
          <Group key={what} justify="space-between" wrap="nowrap">
            <Text size="sm">{t.keys[what]}</Text>
            <Group gap={4} wrap="nowrap">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
