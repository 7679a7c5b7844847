import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { projectQuery } from '../../api/queries';
import { Page } from '../../parts/page';
import { Failure, PageWaiting } from '../../parts/states';
import { useSpeech } from '../../texts/texts';
import { FeedbackTab } from './feedback-tab';
import { HealthTab } from './health-tab';
import { KeysTab } from './keys-tab';
import { ScheduleTab } from './schedule-tab';
import { MODEL_TABS } from './search';
import { VersionsTab } from './versions-tab';
import { ZooTab } from './zoo-tab';

/** The models of a project, and what keeps them fresh. */
export function ModelsPage() {
  const { t } = useSpeech();
  const { projectId } = useParams({ from: '/shell/projects/$projectId/models' });
  const { tab = 'versions' } = useSearch({ from: '/shell/projects/$projectId/models' });
  const navigate = useNavigate({ from: '/projects/$projectId/models' });
  const project = useQuery(projectQuery(projectId));
  if (project.isError) return <Failure error={project.error} retry={() => void project.refetch()} />;
  if (!project.data) return <PageWaiting />;
  return (
    <Page title={t.models.title} lead={project.data.name}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({ search: { tab: MODEL_TABS.find((one) => one === next) }, resetScroll: false })
        }
      >
        <Tabs.List mb="lg" aria-label={t.models.title}>
          {MODEL_TABS.map((value) => (
            <Tabs.Tab key={value} value={value}>
              {t.models.tabs[value]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="versions">
          <VersionsTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="schedule">
          <ScheduleTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="feedback">
          <FeedbackTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <KeysTab />
        </Tabs.Panel>
        <Tabs.Panel value="zoo">
          <ZooTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="health">
          <HealthTab projectId={projectId} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
