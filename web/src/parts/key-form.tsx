import { useState } from 'react';
import { Alert, Button, Group, PasswordInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../api/client';
import { useSpeech } from '../texts/texts';

/** A service that is not on its own machine asks who one is: the key is given once, and becomes a cookie that no script can read. */
export function KeyForm() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const opening = useMutation({
    mutationFn: () => ask(api.POST('/api/session', { body: { key: key.trim() } })),
    onSuccess: () => client.resetQueries(),
  });
  return (
    <Alert icon={<IconKey aria-hidden />} title={t.accessKeys.asked} w="100%" maw={520} mx="auto">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          opening.mutate();
        }}
      >
        <Group align="flex-end" gap="xs">
          <PasswordInput
            label={t.accessKeys.key}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            style={{ flex: 1 }}
          />
          <Button type="submit" loading={opening.isPending}>
            {t.accessKeys.enter}
          </Button>
        </Group>
      </form>
    </Alert>
  );
}
