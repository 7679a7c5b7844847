import { lazy, Suspense } from 'react';
import { Grid, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconTrophy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Report, Run, Trial } from '../../api/client';
import { projectQuery, reportQuery, trialsQuery } from '../../api/queries';
import { useLiveRun } from '../../api/use-live-run';
import { firstMember, hasDepths, scoredOf } from '../../lib/board';
import { Page } from '../../parts/page';
import { RunPicker } from '../../parts/run-picker';
import { Empty, Failure, PageWaiting } from '../../parts/states';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';
import { ConfusionCard } from './confusion-card';
import { CurveCard } from './curve-card';
import { DiagnosisCard } from './diagnosis-card';
import { HonestyCard } from './honesty-card';
import { BOARD_VIEWS } from './search';
import { TrialsTable } from './trials-table';
import { WinnerCard } from './winner-card';

const Charts = lazy(() => import('./charts').then(({ BoardChart }) => ({ default: BoardChart })));

/** Which trials there were, which won, and why. */
export function LeaderboardPage() {
  const { runId } = useParams({ from: '/shell/runs/$runId/leaderboard' });
  const run = useLiveRun(runId);
  const trials = useQuery(trialsQuery(runId));
  const report = useQuery({ ...reportQuery(runId), enabled: run.data?.state === 'succeeded' });
  const failed = run.error ?? trials.error;
  if (failed) return <Failure error={failed} retry={() => void trials.refetch()} />;
  if (!run.data || !trials.data) return <PageWaiting />;
  return <Board run={run.data} trials={trials.data} report={report.data ?? null} />;
}

function Board({ run, trials, report }: { run: Run; trials: readonly Trial[]; report: Report | null }) {
  const { t } = useSpeech();
  const project = useQuery(projectQuery(run.projectId));
  const scored = scoredOf(trials);
  return (
    <Page title={t.board.title} lead={project.data?.name}>
      <Stack gap="lg">
        <RunPicker run={run} to="/runs/$runId/leaderboard" />
        {scored.length === 0 ? (
          <Empty icon={IconTrophy} title={t.board.none}>
            {t.board.noneText}
          </Empty>
        ) : (
          <Grid gap="lg">
            {report && (
              <Grid.Col span={12}>
                <WinnerCard report={report} trials={scored} />
              </Grid.Col>
            )}
            <Grid.Col span={12}>
              <ChartCard scored={scored} report={report} />
            </Grid.Col>
            {report && <Evidence report={report} run={run} />}
            <Grid.Col span={12}>
              <Surface title={t.board.trials} hint={t.board.trialsHint(trials.length)}>
                <TrialsTable
                  trials={trials}
                  floor={report?.selection?.floor ?? []}
                  selected={report?.selected ?? null}
                />
              </Surface>
            </Grid.Col>
          </Grid>
        )}
      </Stack>
    </Page>
  );
}

/** What the run says about its own result. */
function Evidence({ report, run }: { report: Report; run: Run }) {
  const { learningCurve, confusion, selection } = report;
  return (
    <>
      {learningCurve && (
        <>
          <Grid.Col span={12}>
            <DiagnosisCard report={report} run={run} />
          </Grid.Col>
          <Grid.Col span={12}>
            <CurveCard curve={learningCurve} run={run} />
          </Grid.Col>
        </>
      )}
      {confusion && (
        <Grid.Col span={12}>
          <ConfusionCard confusion={confusion} run={run} />
        </Grid.Col>
      )}
      {selection && (
        <Grid.Col span={12}>
          <HonestyCard selection={selection} />
        </Grid.Col>
      )}
    </>
  );
}

function ChartCard({ scored, report }: { scored: ReturnType<typeof scoredOf>; report: Report | null }) {
  const { t } = useSpeech();
  const { chart: asked, backbone } = useSearch({ from: '/shell/runs/$runId/leaderboard' });
  const winner = report?.selected.backbone ?? scored[0]?.backbone;
  const charts = BOARD_VIEWS.filter((view) => view !== 'depth' || hasDepths(scored));
  const chart = charts.find((view) => view === asked) ?? charts[0] ?? 'heads';
  const navigate = useNavigate({ from: '/runs/$runId/leaderboard' });
  return (
    <Surface
      title={t.board.charts[chart]}
      hint={t.board.chartHints[chart]}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t.board.chart}
          value={chart}
          data={charts.map((value) => ({ value, label: t.board.chartNames[value] }))}
          onChange={(next) =>
            void navigate({
              search: (before) => ({ ...before, chart: BOARD_VIEWS.find((one) => one === next) }),
              resetScroll: false,
            })
          }
        />
      }
    >
      <Suspense fallback={<Skeleton height={380} />}>
        <Charts
          chart={chart}
          trials={scored}
          selected={report?.selected ?? null}
          focus={backbone ?? (winner === undefined ? null : firstMember(winner))}
          onFocus={(next) =>
            void navigate({
              search: (before) => ({ ...before, backbone: next }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      </Suspense>
    </Surface>
  );
}
