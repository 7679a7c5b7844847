import { Badge, Group, SimpleGrid, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { championOf } from '../../app/place';
import type { Model, Project } from '../../api/client';
import { modelsQuery, projectRunsQuery, projectsQuery } from '../../api/queries';
import { RunBadge } from '../../parts/run-badge';
import { Failure } from '../../parts/states';
import { useSpeech } from '../../texts/texts';

const SHOWN = 9;

/** What was built before. */
export function ProjectList() {
  const { t } = useSpeech();
  const projects = useQuery(projectsQuery());
  const models = useQuery(modelsQuery());
  const newest = [...(projects.data ?? [])]
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    .slice(0, SHOWN);
  if (projects.data?.length === 0) return null;
  return (
    <section aria-labelledby="projects" style={{ marginTop: '2.5rem' }}>
      <Title order={2} id="projects" mb="sm">
        {t.start.projects}
      </Title>
      {projects.isError && <Failure error={projects.error} retry={() => void projects.refetch()} />}
      {projects.isPending && <Skeleton height={110} radius="lg" />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
        {newest.map((project) => (
          <ProjectCard key={project.id} project={project} model={championOf(models.data, project.id)} />
        ))}
      </SimpleGrid>
    </section>
  );
}

function ProjectCard({ project, model }: { project: Project; model: Model | undefined }) {
  const { t, f } = useSpeech();
  const runs = useQuery(projectRunsQuery(project.id));
  const run = runs.data?.[0];
  const title = (
    <Text fw={600} lineClamp={1}>
      {project.name}
    </Text>
  );
  return (
    <div className="graft-surface" style={{ padding: '1rem 1.125rem' }}>
      {run ? (
        <Link to="/runs/$runId" params={{ runId: run.id }} style={{ color: 'inherit' }}>
          {title}
        </Link>
      ) : (
        <Link
          to="/projects/$projectId/models"
          params={{ projectId: project.id }}
          style={{ color: 'inherit' }}
        >
          {title}
        </Link>
      )}
      <Text size="sm" c="dimmed" mt={2} mb="sm">
        {f.when(project.createdAt)}
      </Text>
      <Group gap="xs" mih={26}>
        {run && <RunBadge state={run.state} />}
        {model && (
          <Badge variant="light" tt="none" size="lg" fw={550}>
            {t.start.accuracy(f.percent(model.summary.test.accuracy))}
          </Badge>
        )}
      </Group>
    </div>
  );
}
