import { useEffect } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Run } from './client';
import { runQuery } from './queries';

export const isOver = (state: Run['state']): boolean => !['queued', 'running'].includes(state);

/** A run as it is now: read once, then told by the service as it changes, until it is over. */
export function useLiveRun(runId: string) {
  const client = useQueryClient();
  const query = useQuery(runQuery(runId));
  const follows = query.data !== undefined && !isOver(query.data.state);
  useEffect(() => {
    if (!follows) return undefined;
    const events = new EventSource(`/api/runs/${runId}/events`);
    events.addEventListener('run', (event: MessageEvent<string>) => {
      const run = JSON.parse(event.data) as Run;
      client.setQueryData(runQuery(runId).queryKey, run);
      if (!isOver(run.state)) return;
      events.close();
      // Its model, leaderboard and place in lists are new.
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] !== runId || queryKey.length > 2,
      });
    });
    return () => events.close();
  }, [client, runId, follows]);
  return query;
}
