import { Button, CopyButton, Grid, Stack, Text } from '@mantine/core';
import { IconCheck, IconLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Model } from '../../api/client';
import { modelQuery, sessionQuery } from '../../api/queries';
import { Page } from '../../parts/page';
import { Failure, PageWaiting } from '../../parts/states';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';
import { CodeCard } from './code-card';
import { PackageCard } from './package-card';
import { TryBox } from './try-box';

/** A model to try, and what it takes to use it elsewhere. */
export function TryPage() {
  const { model: name } = useParams({ from: '/shell/models/$model' });
  const model = useQuery(modelQuery(name));
  if (model.isError) return <Failure error={model.error} retry={() => void model.refetch()} />;
  if (!model.data) return <PageWaiting />;
  return <TryModel key={name} model={model.data} />;
}

function TryModel({ model }: { model: Model }) {
  const { t, f } = useSpeech();
  const { test } = model.summary;
  return (
    <Page
      title={t.try.title(model.labels)}
      lead={t.try.lead(model.version, f.percent(test.accuracy), f.interval(test.interval), test.count)}
      actions={<ShareButton model={model} />}
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Surface title={t.try.picture}>
            <TryBox model={model} />
          </Surface>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <Surface title={t.try.code}>
              <CodeCard model={model} />
            </Surface>
            <Surface title={t.try.package} hint={t.try.packageHint}>
              <PackageCard model={model} />
            </Surface>
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function ShareButton({ model }: { model: Model }) {
  const { t } = useSpeech();
  const { data: session } = useQuery(sessionQuery());
  return (
    <Stack gap={4} align="flex-end" maw={280}>
      <CopyButton value={`${window.location.origin}/try/${model.id}`}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={17} aria-hidden /> : <IconLink size={17} aria-hidden />}
            onClick={copy}
          >
            <span aria-live="polite">{copied ? t.try.copied : t.try.share}</span>
          </Button>
        )}
      </CopyButton>
      {session?.keysDemanded && (
        <Text size="xs" c="dimmed" ta="right">
          {t.try.shareNeedsKey}
        </Text>
      )}
    </Stack>
  );
}
