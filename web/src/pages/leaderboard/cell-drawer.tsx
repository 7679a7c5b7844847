import { Button, Drawer, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Run } from '../../api/client';
import { predictionsQuery } from '../../api/queries';
import { Failure } from '../../parts/states';
import { Item } from '../../parts/item';
import { useSpeech } from '../../texts/texts';
import styles from './evidence.module.css';

interface Cell {
  readonly truth: string;
  readonly predicted: string;
}

interface CellDrawerProps {
  readonly run: Run;
  readonly cell: Cell | null;
  readonly close: () => void;
}

/** The examples of one cell, the surest answers first. */
export function CellDrawer({ run, cell, close }: CellDrawerProps) {
  const { t } = useSpeech();
  return (
    <Drawer
      opened={cell !== null}
      onClose={close}
      position="right"
      size="lg"
      title={
        cell && (cell.truth === cell.predicted ? cell.truth : t.confusion.cell(cell.truth, cell.predicted))
      }
      closeButtonProps={{ 'aria-label': t.pictures.close }}
    >
      {cell && <Found run={run} cell={cell} />}
    </Drawer>
  );
}

function Found({ run, cell }: { run: Run; cell: Cell }) {
  const { t, f } = useSpeech();
  const found = useInfiniteQuery(predictionsQuery(run.id, cell));
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} radius="md" />;
  const items = found.data.pages.flatMap((page) => page.items);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t.pictures.count(found.data.pages[0]?.total ?? 0)}. {t.confusion.cellHint}
      </Text>
      <ul className={styles.found} data-modality={run.settings.modality}>
        {items.map(({ imageId, sha256, confidence }) => (
          <li key={imageId}>
            <Link to="/runs/$runId/pictures" params={{ runId: run.id }} search={{ picture: imageId }}>
              <Item id={imageId} sha256={sha256} alt={t.confusion.cell(cell.truth, cell.predicted)} />
              <Text size="xs" c="dimmed" mt={2}>
                {t.try.sure(f.percent(confidence, 0))}
              </Text>
            </Link>
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <Button
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t.confusion.showMore}
        </Button>
      )}
    </Stack>
  );
}
