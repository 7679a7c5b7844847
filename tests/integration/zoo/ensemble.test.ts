import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report, RunView } from '../../../src/http/api.js';
import { startListedPictures, type ListedPictures } from '../../support/listed-pictures.js';
import { isOver, request } from '../../support/service-process.js';

const PICTURES = 24;
const MEMBERS = ['nsfwjs-mobilenet-v2', 'nsfwjs-mobilenet-v2-mid'];
/** They want 256 and 192 pixels. */
const OF_TWO_SIZES = ['human-centernet', 'human-movenet'];

let lab: ListedPictures;
beforeAll(async () => void (lab = await startListedPictures(PICTURES)));
afterAll(() => lab.close());

async function build(
  backbones: readonly string[],
  extras: Readonly<Record<string, boolean>> = { ensemble: true },
): Promise<string> {
  const { url } = lab.service;
  const project = await lab.listed();
  const settings = { providers: [], backbones, curate: 'off', ...extras };
  const { id } = await request<RunView>(`${url}/api/projects/${project}/runs`, { body: settings });
  for (;;) {
    const run = await request<RunView>(`${url}/api/runs/${id}`);
    if (isOver(run)) {
      expect(run.state, JSON.stringify(run.error)).toBe('succeeded');
      return id;
    }
    await wait(200);
  }
}

test('a run that asks for it tries its backbones together, each at taps of its own', async () => {
  const report = await request<Report>(`${lab.service.url}/api/runs/${await build(MEMBERS)}/report`);
  const [together] = report.trials.filter(({ backbone }) => backbone.includes('+'));
  expect(together?.backbone.split('+').toSorted()).toEqual(MEMBERS);
  expect(together?.tap.split('+').every((tap) => MEMBERS.some((id) => tap.startsWith(`${id}/`)))).toBe(true);
  expect(together?.validation.count).toBeGreaterThan(0);
  expect(together?.cost.latencyMs).toBeGreaterThan(0);
  // Taps read side by side are there without being asked for.
  expect(report.trials.some(({ backbone, tap }) => backbone === MEMBERS[0] && tap.includes('+'))).toBe(true);
});

test('backbones that want pictures of different sizes see the larger one together', async () => {
  const report = await request<Report>(`${lab.service.url}/api/runs/${await build(OF_TWO_SIZES)}/report`);
  const [together] = report.trials.filter(({ backbone }) => backbone.includes('+'));
  expect(together?.backbone.split('+').toSorted()).toEqual(['human-centernet', 'human-movenet@crop256']);
  expect(together?.cost.latencyMs).toBeGreaterThan(0);
  // A view stands for its backbone; it is no backbone to be tried by itself.
  expect(report.trials.every(({ backbone }) => backbone.includes('+') || !backbone.includes('@'))).toBe(true);
});

test('a run that asks for it sees pictures in other ways; depths are read by their generalised mean too', async () => {
  const [backbone = ''] = OF_TWO_SIZES;
  const id = await build([backbone], { augment: true });
  const { trials } = await request<Report>(`${lab.service.url}/api/runs/${id}/report`);
  expect(new Set(trials.map((trial) => trial.backbone))).toEqual(
    new Set([backbone, `${backbone}@own-mirror`, `${backbone}@own-mirror-centre`]),
  );
  expect(trials.some(({ tap }) => tap.endsWith('-gem'))).toBe(true);
  const learnt = trials.filter(({ params }) => params.looks === 3);
  expect(learnt.map((trial) => trial.backbone)).toContain(backbone);
  // What sees three times takes the time and the operations of three.
  const cost = (id: string) => trials.find((trial) => trial.backbone === id)?.cost;
  const [once, thrice] = [learnt[0]?.cost, cost(`${backbone}@own-mirror-centre`)];
  // But for the head, which sees the mean of the three: some thousands of operations among millions.
  expect((thrice?.flops ?? 0) / (once?.flops ?? 1)).toBeCloseTo(3, 2);
  expect(thrice?.latencyMs).toBeGreaterThan(once?.latencyMs ?? Infinity);
});
