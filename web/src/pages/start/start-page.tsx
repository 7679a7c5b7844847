import { Button, Grid, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconPlayerPlayFilled } from '@tabler/icons-react';
import { build } from '../../api/build';
import type { Modality, Project, Provider } from '../../api/client';
import { projectQuery, projectRunsQuery, providersQuery } from '../../api/queries';
import { Page } from '../../parts/page';
import { Failure, PageWaiting } from '../../parts/states';
import { Surface } from '../../parts/surface';
import { ModalityContext, useSpeech } from '../../texts/texts';
import { CostCard } from './cost-card';
import { MoreSettings } from './more-settings';
import { NamesInput } from './names-input';
import { OwnPicturesInput } from './own-pictures-input';
import { OwnTextsInput } from './own-texts-input';
import { ProjectList } from './project-list';
import { SourcesInput } from './sources-input';
import { draftOf, EMPTY, toOrder, useDraft, whyNot, type ChangeDraft, type Draft } from './draft';
import { UploadState } from './upload-state';

const KINDS: readonly Modality[] = ['image', 'text'];

/** Names in, one click, and a model is on its way; or more data for a project that is there. */
export function StartPage() {
  const { project, aim } = useSearch({ from: '/shell/' });
  return project === undefined ? (
    <Start project={null} initial={EMPTY} />
  ) : (
    <StartMore key={project} projectId={project} aim={aim} />
  );
}

function StartMore({ projectId, aim }: { projectId: string; aim: number | undefined }) {
  const project = useQuery(projectQuery(projectId));
  const runs = useQuery(projectRunsQuery(projectId));
  const failed = project.error ?? runs.error;
  if (failed) return <Failure error={failed} />;
  if (!project.data || !runs.data) return <PageWaiting />;
  return <Start project={project.data} initial={draftOf(project.data, runs.data[0], aim)} />;
}

interface StartProps {
  readonly project: Project | null;
  readonly initial: Draft;
}

function Start({ project, initial }: StartProps) {
  const providers = useQuery(providersQuery());
  const [draft, change] = useDraft(providers.data, initial);
  return (
    <ModalityContext value={draft.modality}>
      <Order project={project} providers={providers} draft={draft} change={change} />
    </ModalityContext>
  );
}

interface OrderProps {
  readonly project: Project | null;
  readonly providers: UseQueryResult<Provider[]>;
  readonly draft: Draft;
  readonly change: ChangeDraft;
}

function Order({ project, providers, draft, change }: OrderProps) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const client = useQueryClient();
  const building = useMutation({
    mutationFn: () => build(toOrder(draft, project?.id ?? null), (upload) => change({ upload })),
    onSuccess: async (run) => {
      void client.invalidateQueries();
      await navigate({ to: '/runs/$runId', params: { runId: run.id } });
    },
  });
  const missing = whyNot(
    draft,
    (project?.categories ?? []).some(({ uploads, urls }) => uploads + urls > 0),
  );
  return (
    <Page
      title={project ? t.start.moreTitle(project.name) : t.start.title}
      lead={project ? t.start.moreLead : draft.modality === 'text' ? t.start.textsLead : t.start.lead}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (missing === null && !building.isPending) building.mutate();
        }}
      >
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 8 }}>
            <Stack gap="lg">
              {!project && (
                <SegmentedControl
                  aria-label={t.start.kind}
                  data={KINDS.map((value) => ({ value, label: t.start.kinds[value] }))}
                  value={draft.modality}
                  onChange={(modality) => change({ modality, backbones: [] })}
                  style={{ alignSelf: 'flex-start' }}
                />
              )}
              {draft.modality === 'text' ? (
                <Surface title={t.start.own}>
                  <OwnTextsInput draft={draft} onChange={change} />
                </Surface>
              ) : (
                <PicturesOrder project={project} providers={providers} draft={draft} change={change} />
              )}
              <MoreSettings draft={draft} onChange={change} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 4 }}>
            <Stack gap="md" style={{ position: 'sticky', top: 16 }}>
              <CostCard draft={draft} />
              {building.isPending && draft.upload && <UploadState upload={draft.upload} />}
              <Button
                type="submit"
                size="lg"
                loading={building.isPending}
                disabled={missing !== null}
                leftSection={<IconPlayerPlayFilled size={18} aria-hidden />}
                aria-describedby="why-not"
              >
                {t.start.build}
              </Button>
              <Text id="why-not" size="sm" c="dimmed" ta="center" mih="1.5em" aria-live="polite">
                {missing === null ? t.start.ready : t.start.missing[missing]}
              </Text>
            </Stack>
          </Grid.Col>
        </Grid>
      </form>
      <ProjectList />
    </Page>
  );
}

function PicturesOrder({ project, providers, draft, change }: OrderProps) {
  const { t } = useSpeech();
  return (
    <>
      <Surface title={t.start.names}>
        <NamesInput names={draft.names} fixed={project !== null} onChange={(names) => change({ names })} />
      </Surface>
      <Surface title={t.start.sources} hint={t.start.sourcesHint}>
        <SourcesInput draft={draft} providers={providers} onChange={change} />
      </Surface>
      <Surface title={t.start.own} hint={t.start.ownHint}>
        <OwnPicturesInput draft={draft} onChange={change} />
      </Surface>
    </>
  );
}
