import { useMemo, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Picture } from '../../api/client';
import { decisionsQuery } from '../../api/queries';
import {
  asMap,
  chunks,
  undone,
  undoStep,
  withSaid,
  type Decisions,
  type Said,
  type UndoStep,
} from '../../lib/review';

const A_REQUEST = 1000;

export type Judged = Pick<Picture, 'sha256' | 'category'>;

export interface Review {
  readonly decisions: Decisions;
  readonly decide: (pictures: readonly Judged[], action: Said['action'], category?: string) => number;
  readonly undo: () => UndoStep | null;
  readonly canUndo: boolean;
  readonly saving: boolean;
}

/** What a person decides, shown at once and sent behind; each decision can be taken back. */
export function useReview(projectId: string): Review {
  const client = useQueryClient();
  const { queryKey } = decisionsQuery(projectId);
  const query = useQuery(decisionsQuery(projectId));
  const decisions = useMemo(() => asMap(query.data ?? []), [query.data]);
  const [steps, setSteps] = useState<readonly UndoStep[]>([]);
  const show = (next: Decisions): void => {
    void client.cancelQueries({ queryKey });
    client.setQueryData(queryKey, [...next.values()]);
  };
  const current = (): Decisions => asMap(client.getQueryData(queryKey) ?? []);
  const sending = useMutation({
    scope: { id: 'review' }, // one after the other: the last word must arrive last
    mutationFn: (send: () => Promise<void>) => send(),
    onError: () => client.invalidateQueries({ queryKey }),
  });
  const say = (said: readonly Said[]): void => {
    show(withSaid(current(), said));
    sending.mutate(() => sendAll(projectId, said));
  };
  return {
    decisions,
    saving: sending.isPending,
    canUndo: steps.length > 0,
    decide: (pictures, action, category) => {
      const said = pictures.flatMap((picture) => toSaid(picture, action, category));
      if (said.length === 0) return 0;
      const step = undoStep(
        current(),
        said.map(({ sha256 }) => sha256),
      );
      setSteps((before) => [...before, step]);
      say(said);
      return step.before.length;
    },
    undo: () => {
      const step = steps.at(-1);
      if (!step) return null;
      setSteps((before) => before.slice(0, -1));
      show(undone(current(), step));
      sending.mutate(() => takeBack(projectId, step));
      return step;
    },
  };
}

/** A kept picture stays where it was found: of two categories with the same picture, this one is meant. */
function toSaid({ sha256, category }: Judged, action: Said['action'], to: string | undefined): Said[] {
  if (sha256 === null) return [];
  if (action === 'drop') return [{ sha256, action, category: null }];
  return [{ sha256, action, category: action === 'move' ? (to ?? category) : category }];
}

async function sendAll(projectId: string, said: readonly Said[]): Promise<void> {
  for (const part of chunks(said, A_REQUEST))
    await ask(
      api.POST('/api/projects/{projectId}/decisions', {
        params: { path: { projectId } },
        body: {
          decisions: part.map(({ sha256, action, category }) => ({
            sha256,
            action,
            ...(category === null ? {} : { category }),
          })),
        },
      }),
    );
}

async function takeBack(projectId: string, { before }: UndoStep): Promise<void> {
  await sendAll(
    projectId,
    before.flatMap(({ said }) => said ?? []),
  );
  const unsaid = before.filter(({ said }) => said === null);
  for (const part of chunks(unsaid, 8))
    await Promise.all(
      part.map(({ sha256 }) =>
        ask(
          api.DELETE('/api/projects/{projectId}/decisions/{sha256}', {
            params: { path: { projectId, sha256 } },
          }),
        ),
      ),
    );
}
