import { useQueries } from '@tanstack/react-query';
import type { Picture } from '../../api/client';
import { PAGE_SIZE, picturesQuery, type PictureFilter } from '../../api/queries';

export interface PictureWindow {
  readonly total: number | null;
  readonly error: unknown;
  readonly retry: () => void;
  /** The picture at a place of the list, when its page is there. */
  readonly at: (index: number) => Picture | null;
}

/** The pages of the list that a range of places lies in, however long the list is. */
export function usePictures(
  runId: string,
  filter: PictureFilter,
  first: number,
  last: number,
): PictureWindow {
  const from = Math.floor(Math.max(0, first) / PAGE_SIZE);
  const to = Math.floor(Math.max(first, last) / PAGE_SIZE);
  const pages = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const results = useQueries({
    queries: pages.map((page) => ({ ...picturesQuery(runId, filter, page), staleTime: 30_000 })),
  });
  const byPage = new Map(pages.map((page, index) => [page, results[index]?.data?.items]));
  const failed = results.find(({ isError }) => isError);
  return {
    total: results.find(({ data }) => data)?.data?.total ?? null,
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
    at: (index) => byPage.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE] ?? null,
  };
}
