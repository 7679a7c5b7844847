import { Button, Kbd, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSpeech } from '../../texts/texts';

interface MoveDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly categories: readonly string[];
  readonly onMove: (category: string) => void;
}

/** Where a picture belongs: typing narrows the list, enter takes the first. */
export function MoveDialog({ opened, close, categories, onMove }: MoveDialogProps) {
  const { t } = useSpeech();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = categories.filter((name) => name.toLowerCase().includes(wanted));
  const choose = (name: string | undefined): void => {
    if (name === undefined) return;
    setText('');
    close();
    onMove(name);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t.review.moveTo}
      size="sm"
      closeButtonProps={{ 'aria-label': t.pictures.close }}
      transitionProps={{ duration: 0 }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose(shown[0]);
        }}
      >
        <Stack gap={6}>
          <TextInput
            data-autofocus
            aria-label={t.pictures.category}
            placeholder={t.pictures.category}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {shown.map((name) => {
            const place = categories.indexOf(name) + 1;
            return (
              <Button
                key={name}
                variant="default"
                justify="space-between"
                rightSection={place < 10 ? <Kbd size="xs">{place}</Kbd> : undefined}
                onClick={() => choose(name)}
              >
                {name}
              </Button>
            );
          })}
        </Stack>
      </form>
    </Modal>
  );
}
