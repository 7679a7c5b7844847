import { Option, type Command } from 'commander';
import { z } from 'zod';
import { scheduleViewSchema, type ScheduleInput, type ScheduleView } from '../../http/api/retraining.js';
import { segment } from '../client.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { usageError } from '../errors.js';
import { parseCount, wholeNumber } from '../options.js';
import { findProject, withDataFolder, withJson } from './shared.js';

interface SetOptions extends DataOptions {
  cron?: string;
  timeZone?: string;
  feed?: string;
  pause?: boolean;
  newBackbones: boolean;
  newPictures?: number;
  feedback?: number;
  drift?: boolean;
  margin?: number;
  maxLatency?: number;
  maxBytes?: number;
  shadow?: number;
}

const share = (raw: string): number => {
  const value = Number(raw.replace(/\s*%$/, ''));
  if (!(value >= 0 && value <= 100))
    throw usageError('bad-usage', `${raw} is no share.`, 'Give points from 0 to 100.');
  return value / 100;
};

/** `graft schedule set`, `list` and `remove`. */
export function registerSchedule(program: Command, context: CliContext): void {
  const schedule = program
    .command('schedule')
    .description('when projects are retrained: by the clock, and when something new turns up');
  const set = schedule
    .command('set')
    .description('set the schedule of a project; what is not named gets its default')
    .argument('<project>', 'name or id of the project, or id of one of its models')
    .option('--cron <expression>', 'by the clock: minute hour day month weekday, such as "0 3 * * 1"')
    .option('--time-zone <zone>', 'IANA name of the zone of --cron (default: UTC)')
    .option('--feed <address>', 'address or folder with a zoo.json of backbones to watch')
    .option('--no-new-backbones', 'leave new backbones alone')
    .option('--new-pictures <n>', 'when so many own pictures and decisions are new', parseCount)
    .option('--feedback <n>', 'when so many corrections were accepted', parseCount)
    .option('--drift', 'when live pictures differ from training')
    .option('--margin <points>', 'accuracy a challenger must gain, in points (default: 0)', share)
    .addOption(
      new Option('--max-latency <ms>', 'milliseconds a picture it may take').argParser(
        wholeNumber('The latency', 1, 600_000),
      ),
    )
    .option('--max-bytes <n>', 'size its model file may have', wholeNumber('The size', 1, 1e12))
    .option('--shadow <n>', 'live pictures a winner first answers silently', parseCount)
    .option('--pause', 'keep the schedule, but do nothing');
  withJson(withDataFolder(set)).action((project: string, options: SetOptions) =>
    setSchedule(context, project, options),
  );
  const list = schedule.command('list').description('all schedules, with their next firings in words');
  withJson(withDataFolder(list)).action((options: DataOptions) => listSchedules(context, options));
  const remove = schedule
    .command('remove')
    .description('remove the schedule of a project')
    .argument('<project>', 'name or id of the project, or id of one of its models');
  withJson(withDataFolder(remove)).action((project: string, options: DataOptions) =>
    removeSchedule(context, project, options),
  );
}

const toSchedule = (options: SetOptions): ScheduleInput => ({
  cron: options.cron ?? null,
  timeZone: options.timeZone,
  paused: options.pause,
  feed: options.feed ?? null,
  triggers: {
    newBackbones: options.newBackbones,
    newPictures: options.newPictures ?? null,
    feedback: options.feedback ?? null,
    drift: options.drift,
  },
  policy: {
    margin: options.margin,
    maxLatencyMs: options.maxLatency ?? null,
    maxBytes: options.maxBytes ?? null,
    shadowRequests: options.shadow,
  },
});

async function setSchedule(context: CliContext, project: string, options: SetOptions): Promise<void> {
  const view = await withService(
    context,
    envFor(options),
    async ({ client }) => {
      const path = `/projects/${segment(await findProject(client, project))}/schedule`;
      return client.read(path, scheduleViewSchema, { method: 'PUT', json: toSchedule(options) });
    },
    { idle: true },
  );
  if (options.json) return context.output.printJson(view);
  context.output.print(`${renderSchedule(view)}\nIt is kept to while a service runs: npx graft serve`);
}

async function listSchedules(context: CliContext, options: DataOptions): Promise<void> {
  const views = await withService(
    context,
    envFor(options),
    ({ client }) => client.read('/schedules', z.array(scheduleViewSchema)),
    { idle: true },
  );
  if (options.json) return context.output.printJson(views);
  const none = 'No schedules yet: npx graft schedule set <project> --cron "0 3 * * 1"';
  context.output.print(views.length === 0 ? none : views.map(renderSchedule).join('\n\n'));
}

async function removeSchedule(context: CliContext, project: string, options: DataOptions): Promise<void> {
  const projectId = await withService(
    context,
    envFor(options),
    async ({ client }) => {
      const id = await findProject(client, project);
      await client.remove(`/projects/${segment(id)}/schedule`);
      return id;
    },
    { idle: true },
  );
  if (options.json) return context.output.printJson({ removed: projectId });
  context.output.print(`The project ${projectId.slice(0, 8)} has no schedule any more.`);
}

/** A schedule in words. */
export function renderSchedule(view: ScheduleView): string {
  const { triggers, policy } = view;
  const sets = [
    view.cron !== null && `by the clock (${view.cron}, ${view.timeZone})`,
    triggers.newBackbones && `on new backbones${view.feed === null ? '' : ` of ${view.feed}`}`,
    triggers.newPictures !== null && `after ${triggers.newPictures} new pictures`,
    triggers.feedback !== null && `after ${triggers.feedback} corrections`,
    triggers.drift && 'on drift',
  ].filter((words) => words !== false);
  const wins = [
    `gains at least ${(policy.margin * 100).toFixed(1)} points at p <= ${policy.pValue}`,
    policy.maxLatencyMs !== null && `takes at most ${policy.maxLatencyMs} ms`,
    policy.maxBytes !== null && `has at most ${policy.maxBytes} bytes`,
  ].filter((words) => words !== false);
  return [
    `Project ${view.projectId.slice(0, 8)}${view.paused ? ' (paused)' : ''}: ${sets.join(', ') || 'never'}.`,
    `  A challenger wins when it ${wins.join(', ')}.`,
    ...view.nextFirings.map(({ words }) => `  ${words}`),
    ...(view.pollError === null ? [] : [`  The zoo could not be looked at: ${view.pollError}`]),
  ].join('\n');
}
