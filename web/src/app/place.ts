import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Modality, Model, Run } from '../api/client';
import { modelQuery, modelsQuery, projectRunsQuery, projectsQuery, runQuery } from '../api/queries';

export interface Place {
  readonly projectId: string | null;
  readonly modality: Modality;
  readonly runId: string | null;
  /** The champion of the project. */
  readonly modelId: string | null;
}

/** Which project, run and model the page is about: those of the address, else the newest there are. */
export function usePlace(): Place {
  const params: { projectId?: string; runId?: string; model?: string } = useParams({ strict: false });
  const run = useQuery({ ...runQuery(params.runId ?? ''), enabled: params.runId !== undefined });
  const model = useQuery({ ...modelQuery(params.model ?? ''), enabled: params.model !== undefined });
  const projects = useQuery(projectsQuery());
  const newest = [...(projects.data ?? [])].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  const named = params.projectId ?? run.data?.projectId ?? model.data?.projectId;
  const asked = params.runId !== undefined || params.model !== undefined;
  const projectId = named ?? (asked ? null : (newest?.id ?? null));
  const runs = useQuery({ ...projectRunsQuery(projectId ?? ''), enabled: projectId !== null });
  const models = useQuery(modelsQuery());
  const project = projects.data?.find(({ id }) => id === projectId);
  return {
    projectId,
    modality: run.data?.settings.modality ?? model.data?.modality ?? project?.modality ?? 'image',
    runId: params.runId ?? model.data?.runId ?? newestOf(runs.data)?.id ?? null,
    modelId: params.model ?? championOf(models.data, projectId)?.id ?? null,
  };
}

/** The service lists the newest first. */
const newestOf = (runs: readonly Run[] | undefined): Run | undefined => runs?.[0];

export function championOf(
  models: readonly Model[] | undefined,
  projectId: string | null,
): Model | undefined {
  const own = (models ?? []).filter((model) => model.projectId === projectId);
  return own.find(({ aliases }) => aliases.includes('champion')) ?? own[0];
}
