import { SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Run } from '../../api/client';
import { newestPicturesQuery } from '../../api/queries';
import { isOver } from '../../api/use-live-run';
import { Item } from '../../parts/item';
import { Thumb } from '../../parts/thumb';
import { useModality, useSpeech } from '../../texts/texts';

/** Of texts fewer fit that can be read. */
const SHOWN = { image: { places: 16, cols: 4 }, text: { places: 6, cols: 2 } };
const LOOK_MS = 1500;

/** The pictures that came last. Places are taken from the start, so that nothing moves as they fill. */
export function Arrivals({ run }: { run: Run }) {
  const { t } = useSpeech();
  const modality = useModality();
  const { places, cols } = SHOWN[modality];
  const newest = useQuery({
    ...newestPicturesQuery(run.id, places),
    refetchInterval: isOver(run.state) ? false : LOOK_MS,
  });
  const pictures = (newest.data?.items ?? []).filter(({ sha256 }) => sha256 !== null);
  return (
    <>
      <SimpleGrid cols={cols} spacing={6}>
        {Array.from({ length: places }, (_, place) => {
          const picture = pictures[place];
          if (!picture) return <Thumb key={place} sha256={null} alt="" />;
          return (
            <Link
              key={place}
              to="/runs/$runId/pictures"
              params={{ runId: run.id }}
              search={{ picture: picture.id, sort: 'newest' }}
              style={{ color: 'inherit', textDecoration: 'none' }}
            >
              <Item
                id={picture.id}
                sha256={picture.sha256}
                alt={`${picture.category}: ${picture.title ?? picture.query}`}
              />
            </Link>
          );
        })}
      </SimpleGrid>
      {pictures.length === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {t.run.nothingYet}
        </Text>
      )}
    </>
  );
}
