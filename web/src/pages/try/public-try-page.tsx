import { Anchor, Box, Container, Text, Title } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Model } from '../../api/client';
import { modelQuery } from '../../api/queries';
import { Failure, PageWaiting } from '../../parts/states';
import { ModalityContext, useSpeech } from '../../texts/texts';
import { TryBox } from './try-box';

/** One model, one box: for people who have nothing to do with how it was made. */
export function PublicTryPage() {
  const { model: name } = useParams({ from: '/try/$model' });
  const model = useQuery(modelQuery(name));
  return (
    <ModalityContext value={model.data?.modality ?? 'image'}>
      <PublicTry model={model} />
    </ModalityContext>
  );
}

function PublicTry({ model }: { model: UseQueryResult<Model> }) {
  const { t, f } = useSpeech();
  const title = model.data ? t.try.title(model.data.labels) : t.nav.try;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <Container component="main" size="sm" py="xl">
      {model.isError && <Failure error={model.error} retry={() => void model.refetch()} />}
      {model.isPending && <PageWaiting />}
      {model.data && (
        <>
          <Title order={1} mb="xs" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          <Text c="dimmed" mb="lg">
            {t.try.publicLead(f.percent(model.data.summary.test.accuracy), model.data.summary.test.count)}
          </Text>
          <Box className="graft-surface" p="lg">
            <TryBox model={model.data} />
          </Box>
          <Text size="xs" c="dimmed" mt="lg">
            {t.try.private} <Anchor href="/">Graft</Anchor>
          </Text>
        </>
      )}
    </Container>
  );
}
