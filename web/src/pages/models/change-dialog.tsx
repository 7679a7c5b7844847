import { useState } from 'react';
import { Button, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Model } from '../../api/client';
import { useSpeech } from '../../texts/texts';

/** Which model answers is changed for a reason, and the reason is kept. */
export type Change =
  | { readonly kind: 'promote'; readonly projectId: string; readonly model: Model }
  | { readonly kind: 'rollback'; readonly projectId: string };

const send = (change: Change, reason: string) => {
  const params = { path: { projectId: change.projectId } };
  return change.kind === 'promote'
    ? ask(
        api.POST('/api/projects/{projectId}/promote', { params, body: { modelId: change.model.id, reason } }),
      )
    : ask(api.POST('/api/projects/{projectId}/rollback', { params, body: { reason } }));
};

export function ChangeDialog({ change, close }: { change: Change | null; close: () => void }) {
  const { t } = useSpeech();
  const title =
    change?.kind === 'promote' ? t.models.promoteTitle(change.model.version) : t.models.rollBackTitle;
  return (
    <Modal
      opened={change !== null}
      onClose={close}
      title={title}
      closeButtonProps={{ 'aria-label': t.pictures.close }}
      transitionProps={{ duration: 0 }}
    >
      {change && <ChangeForm change={change} close={close} />}
    </Modal>
  );
}

function ChangeForm({ change, close }: { change: Change; close: () => void }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const changing = useMutation({
    mutationFn: () => send(change, reason.trim()),
    onSuccess: async () => {
      close();
      await client.invalidateQueries({ queryKey: ['models'] });
      await client.invalidateQueries({ queryKey: ['projects', change.projectId, 'history'] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        changing.mutate();
      }}
    >
      <Stack>
        <Text size="sm">{change.kind === 'promote' ? t.models.promoteText : t.models.rollBackText}</Text>
        <Textarea
          data-autofocus
          label={t.models.reason}
          required
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" loading={changing.isPending} disabled={reason.trim() === ''}>
          {change.kind === 'promote' ? t.models.promote : t.models.rollBack}
        </Button>
      </Stack>
    </form>
  );
}
