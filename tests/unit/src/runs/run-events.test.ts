import { afterEach, expect, it, vi } from 'vitest';
import type { RunsService } from '../../../../src/runs/runs.service.js';
import { RunEvents } from '../../../../src/runs/run-events.js';

afterEach(() => void vi.useRealTimers());

it('says a change at once, the same state again every 15 seconds, and ends with a final one', async () => {
  vi.useFakeTimers();
  let state = 'running';
  const runs = { view: () => Promise.resolve({ state }) } as unknown as RunsService;
  const said: unknown[] = [];
  let isOver = false;
  new RunEvents(runs).follow('one').subscribe({
    next: ({ data }) => void said.push(data),
    complete: () => void (isOver = true),
  });
  await vi.advanceTimersByTimeAsync(14_000);
  expect(said).toEqual(['{"state":"running"}']);
  await vi.advanceTimersByTimeAsync(2000);
  expect(said).toEqual(['{"state":"running"}', '{"state":"running"}']);
  state = 'succeeded';
  await vi.advanceTimersByTimeAsync(300);
  expect([said.at(-1), said.length, isOver]).toEqual(['{"state":"succeeded"}', 3, true]);
});
