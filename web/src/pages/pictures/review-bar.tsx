import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconCheck,
  IconFolderShare,
  IconKeyboard,
  IconRefresh,
  IconSelectAll,
  IconX,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, ask, type Picture } from '../../api/client';
import { startRun } from '../../api/build';
import type { PictureFilter } from '../../api/queries';
import { useSpeech } from '../../texts/texts';
import type { Session } from './use-review-session';
import type { ViewProps } from './view-props';
import styles from './grid.module.css';

const A_REQUEST = 500;

interface ReviewBarProps extends ViewProps {
  readonly filter: PictureFilter;
  readonly session: Session;
  readonly total: number | null;
  readonly onMove: () => void;
  readonly onHelp: () => void;
}

/** What is picked, and what may be done with it. */
export function ReviewBar(props: ReviewBarProps) {
  const { run, filter, session, total, review, onMove, onHelp } = props;
  const { t, f } = useSpeech();
  const picked = session.selected.size;
  const all = useMutation({
    mutationFn: () => allPictures(run.id, filter),
    onSuccess: (pictures) => session.select(pictures),
  });
  return (
    <div className={styles.bar}>
      <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums', minWidth: '8.5rem' }}>
        {picked > 0 ? t.review.selected(picked) : total === null ? t.states.loading : t.pictures.count(total)}
      </Text>
      <Group gap={6}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCheck size={15} aria-hidden />}
          onClick={() => session.decide('keep')}
        >
          {t.review.keep}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconX size={15} aria-hidden />}
          onClick={() => session.decide('drop')}
        >
          {t.review.drop}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconFolderShare size={15} aria-hidden />}
          onClick={onMove}
        >
          {t.review.move}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowBackUp size={15} aria-hidden />}
          disabled={!review.canUndo}
          onClick={session.undo}
        >
          {t.review.undo}
        </Button>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconSelectAll size={15} aria-hidden />}
          loading={all.isPending}
          disabled={total === null || total === 0}
          onClick={() => (picked > 0 ? session.select([]) : all.mutate())}
        >
          {picked > 0 ? t.review.selectNone : t.review.selectAll(f.number(total ?? 0))}
        </Button>
        <Tooltip label={t.review.keys}>
          <ActionIcon variant="subtle" color="gray" aria-label={t.review.keys} onClick={onHelp}>
            <IconKeyboard size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      <Applied {...props} />
    </div>
  );
}

/** Decisions hold for the next run: the way to it. */
function Applied({ run, review }: ViewProps) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: () => startRun(run.projectId, run.settings),
    onSuccess: (next) => navigate({ to: '/runs/$runId', params: { runId: next.id } }),
  });
  if (review.decisions.size === 0) return null;
  return (
    <Group gap="xs" ml="auto">
      <Text size="sm" c="dimmed">
        {t.review.decided(review.decisions.size)}
      </Text>
      <Button
        size="xs"
        leftSection={<IconRefresh size={15} aria-hidden />}
        loading={again.isPending}
        disabled={review.saving}
        onClick={() => again.mutate()}
      >
        {t.review.again}
      </Button>
    </Group>
  );
}

/** Every picture of a filter, however many: for acts on all of them. */
async function allPictures(runId: string, filter: PictureFilter): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (;;) {
    const query = { ...filter, offset: pictures.length, limit: A_REQUEST };
    const page = await ask(api.GET('/api/runs/{runId}/images', { params: { path: { runId }, query } }));
    pictures.push(...page.items);
    if (page.items.length === 0 || pictures.length >= page.total) return pictures;
  }
}
