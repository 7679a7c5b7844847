import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ask, contentUrl, toProblem, type Modality } from './client';
import type { paths } from './schema';

/** What the pages read, each with its key, so that a change in one place is seen in all. */

export const projectsQuery = () =>
  queryOptions({
    queryKey: ['projects'],
    queryFn: ({ signal }) => ask(api.GET('/api/projects', { signal })),
  });

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/projects/{projectId}', { params: { path: { projectId } }, signal })),
  });

export const projectRunsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'runs'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/projects/{projectId}/runs', { params: { path: { projectId } }, signal })),
  });

export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', runId],
    queryFn: ({ signal }) => ask(api.GET('/api/runs/{runId}', { params: { path: { runId } }, signal })),
  });

export type PictureFilter = Omit<
  NonNullable<paths['/api/runs/{runId}/images']['get']['parameters']['query']>,
  'offset' | 'limit'
>;

export const PAGE_SIZE = 200;

export const picturesQuery = (runId: string, filter: PictureFilter, page: number) =>
  queryOptions({
    queryKey: ['runs', runId, 'images', filter, page],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/runs/{runId}/images', {
          params: { path: { runId }, query: { ...filter, offset: page * PAGE_SIZE, limit: PAGE_SIZE } },
          signal,
        }),
      ),
  });

export const newestPicturesQuery = (runId: string, limit: number) =>
  queryOptions({
    queryKey: ['runs', runId, 'newest', limit],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/runs/{runId}/images', {
          params: { path: { runId }, query: { sort: 'newest', limit } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const facetsQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', runId, 'facets'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/runs/{runId}/facets', { params: { path: { runId } }, signal })),
    placeholderData: keepPreviousData,
  });

export const GROUPS_A_PAGE = 20;

export const groupsQuery = (runId: string, page: number) =>
  queryOptions({
    queryKey: ['runs', runId, 'groups', page],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/runs/{runId}/groups', {
          params: { path: { runId }, query: { offset: page * GROUPS_A_PAGE, limit: GROUPS_A_PAGE } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const storyQuery = (imageId: string) =>
  queryOptions({
    queryKey: ['story', imageId],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/images/{imageId}/story', { params: { path: { imageId } }, signal })),
  });

export const reviewQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', runId, 'review'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/runs/{runId}/review', { params: { path: { runId }, query: { limit: 1 } }, signal })),
  });

export const decisionsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'decisions'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/projects/{projectId}/decisions', { params: { path: { projectId } }, signal })),
  });

export interface Source {
  provider: string;
  query?: string;
  category?: string;
}

export const withoutQuery = (runId: string, source: Source) =>
  queryOptions({
    queryKey: ['runs', runId, 'without', source],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/runs/{runId}/without', { params: { path: { runId }, query: source }, signal })),
  });

export const trialsQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', runId, 'trials'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/runs/{runId}/trials', { params: { path: { runId } }, signal })),
  });

export const reportQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', runId, 'report'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/runs/{runId}/report', { params: { path: { runId } }, signal })),
  });

export const predictionsQuery = (runId: string, cell: { truth: string; predicted: string }) =>
  infiniteQueryOptions({
    queryKey: ['runs', runId, 'predictions', cell],
    queryFn: ({ signal, pageParam: offset }) =>
      ask(
        api.GET('/api/runs/{runId}/predictions', {
          params: { path: { runId }, query: { ...cell, offset, limit: 48 } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ total, offset, items }) =>
      offset + items.length < total ? offset + items.length : undefined,
  });

/** The words of a stored text; they never change under its address. */
export const textAtQuery = (url: string) =>
  queryOptions({
    queryKey: ['text', url],
    queryFn: async ({ signal }) => {
      const response = await fetch(url, { signal });
      if (!response.ok) throw toProblem(await response.json(), response.status);
      return response.text();
    },
    staleTime: Infinity,
  });

export const textQuery = (imageId: string) => textAtQuery(contentUrl(imageId));

export const modelsQuery = () =>
  queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => ask(api.GET('/api/models', { signal })) });

export const modelQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model],
    queryFn: ({ signal }) => ask(api.GET('/api/models/{model}', { params: { path: { model } }, signal })),
  });

export const providersQuery = () =>
  queryOptions({
    queryKey: ['providers'],
    queryFn: ({ signal }) => ask(api.GET('/api/providers', { signal })),
    staleTime: Infinity,
  });

export const zooQuery = () =>
  queryOptions({ queryKey: ['zoo'], queryFn: ({ signal }) => ask(api.GET('/api/zoo', { signal })) });

/** What a project of pictures or of texts may search. */
export const zooOf = (wanted: Modality) =>
  queryOptions({ ...zooQuery(), select: (all) => all.filter(({ modality }) => modality === wanted) });

export const healthQuery = () =>
  queryOptions({ queryKey: ['health'], queryFn: ({ signal }) => ask(api.GET('/api/health', { signal })) });

export const historyQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'history'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/projects/{projectId}/history', { params: { path: { projectId } }, signal })),
  });

export type EstimateAsked = paths['/api/estimate']['get']['parameters']['query'];

export const estimateQuery = (asked: EstimateAsked) =>
  queryOptions({
    queryKey: ['estimate', asked],
    queryFn: ({ signal }) => ask(api.GET('/api/estimate', { params: { query: asked }, signal })),
    placeholderData: keepPreviousData,
  });

export const scheduleQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'schedule'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/projects/{projectId}/schedule', { params: { path: { projectId } }, signal })),
  });

export const retrainingsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'retrainings'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/projects/{projectId}/retrainings', { params: { path: { projectId } }, signal })),
  });

export const keysQuery = () =>
  queryOptions({ queryKey: ['keys'], queryFn: ({ signal }) => ask(api.GET('/api/keys', { signal })) });

export const sessionQuery = () =>
  queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => ask(api.GET('/api/session', { signal })) });

export const correctionsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['projects', projectId, 'feedback'],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/projects/{projectId}/feedback', { params: { path: { projectId }, query: {} }, signal }),
      ),
  });

export const readyQuery = () =>
  queryOptions({ queryKey: ['ready'], queryFn: ({ signal }) => ask(api.GET('/api/ready', { signal })) });

export const monitoringQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model, 'monitoring'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/models/{model}/monitoring', { params: { path: { model } }, signal })),
  });
