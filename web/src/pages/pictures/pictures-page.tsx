import { SegmentedControl, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Run } from '../../api/client';
import { facetsQuery, projectQuery, runQuery } from '../../api/queries';
import { isOver } from '../../api/use-live-run';
import { Page } from '../../parts/page';
import { RunPicker } from '../../parts/run-picker';
import { Failure, PageWaiting } from '../../parts/states';
import { useModality, useSpeech } from '../../texts/texts';
import { GridView } from './grid-view';
import { GroupsView } from './groups-view';
import { QueriesView } from './queries-view';
import { VIEWS, type PicturesSearch } from './search';
import { useReview } from './use-review';

const LOOK_MS = 5000;

/** What the search found: to look at, to judge, and to ask why. */
export function PicturesPage() {
  const { runId } = useParams({ from: '/shell/runs/$runId/pictures' });
  const run = useQuery({
    ...runQuery(runId),
    refetchInterval: ({ state }) => (state.data && !isOver(state.data.state) ? LOOK_MS : false),
  });
  if (run.isError) return <Failure error={run.error} retry={() => void run.refetch()} />;
  if (!run.data) return <PageWaiting />;
  return <Pictures key={runId} run={run.data} />;
}

function Pictures({ run }: { run: Run }) {
  const { t } = useSpeech();
  const search = useSearch({ from: '/shell/runs/$runId/pictures' });
  const navigate = useNavigate({ from: '/runs/$runId/pictures' });
  const project = useQuery(projectQuery(run.projectId));
  const facets = useQuery({ ...facetsQuery(run.id), refetchInterval: isOver(run.state) ? false : LOOK_MS });
  const review = useReview(run.projectId);
  const change = (next: Partial<PicturesSearch>, replace = false): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace, resetScroll: false });
  const shared = {
    run,
    facets: facets.data,
    categories: (project.data?.categories ?? []).map(({ name }) => name),
    review,
    search,
    change,
  };
  // Texts are brought, not searched for.
  const views = useModality() === 'text' ? VIEWS.filter((one) => one !== 'queries') : VIEWS;
  const view = views.find((one) => one === search.view) ?? 'grid';
  return (
    <Page
      title={t.pictures.title}
      lead={project.data?.name}
      width="100%"
      actions={
        <SegmentedControl
          aria-label={t.pictures.view}
          value={view}
          onChange={(next) => change({ view: VIEWS.find((one) => one === next) })}
          data={views.map((value) => ({ value, label: t.pictures.views[value] }))}
        />
      }
    >
      <Stack gap="md">
        <RunPicker run={run} to="/runs/$runId/pictures" />
        {view === 'grid' && <GridView {...shared} />}
        {view === 'groups' && <GroupsView {...shared} />}
        {view === 'queries' && <QueriesView {...shared} />}
      </Stack>
    </Page>
  );
}
