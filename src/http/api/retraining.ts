import { z } from 'zod';

/** What sets off a retraining, apart from the cron expression. */
export const triggersSchema = z.object({
  newBackbones: z
    .boolean()
    .default(true)
    .describe('A backbone of the zoo or the feed that no run of the project has tried; it is tried alone'),
  newPictures: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'That many own pictures and decisions since the last run that read the data anew began; null: never',
    ),
  feedback: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('That many accepted corrections since then; null: never'),
  drift: z
    .boolean()
    .default(false)
    .describe('Live pictures or confidences differ from those of training (see docs/monitoring.md)'),
});
export type Triggers = z.infer<typeof triggersSchema>;

/** When a challenger replaces the champion, and when it is taken back. */
export const policySchema = z.object({
  margin: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Accuracy that must be gained on the same held-out pictures, 0..1'),
  pValue: z
    .number()
    .gt(0)
    .max(1)
    .default(0.05)
    .describe('Greatest two-sided p-value of the exact McNemar test that counts as a win'),
  maxLatencyMs: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Milliseconds a picture the challenger may take, measured here; null: any'),
  maxBytes: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('Size its model file may have; null: any'),
  shadowRequests: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Live pictures a winner first answers silently beside the champion; 0: none'),
  maxErrorRate: z
    .number()
    .gt(0)
    .max(1)
    .default(0.05)
    .describe('Share of failed predictions above which a promotion is rolled back by itself'),
  minRequests: z
    .number()
    .int()
    .min(1)
    .default(50)
    .describe('Predictions of the new champion before its error rate is judged'),
});
export type Policy = z.infer<typeof policySchema>;

/** PUT /api/projects/{projectId}/schedule */
export const scheduleSchema = z.object({
  cron: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe('When to retrain by the clock, such as `0 3 * * 1`; null: on triggers only'),
  timeZone: z
    .string()
    .max(64)
    .default('UTC')
    .describe('IANA name of the zone the cron expression is read in'),
  paused: z.boolean().default(false),
  feed: z
    .string()
    .trim()
    .min(1)
    .max(2048)
    .nullable()
    .default(null)
    .describe(
      'Address or folder with a zoo.json of backbones to watch; it stands in for GRAFT_ZOO_MIRROR in this project',
    ),
  triggers: triggersSchema.default(() => triggersSchema.parse({})),
  policy: policySchema.default(() => policySchema.parse({})),
});
export type Schedule = z.infer<typeof scheduleSchema>;
export type ScheduleInput = z.input<typeof scheduleSchema>;

/** GET /api/projects/{projectId}/schedule: the defaults, paused and with `updatedAt` null, when none was set */
export const scheduleViewSchema = scheduleSchema.extend({
  projectId: z.uuid(),
  nextFirings: z.array(z.object({ at: z.iso.datetime(), words: z.string() })),
  polledAt: z.iso.datetime().nullable().describe('When the zoo was last looked at for new backbones'),
  pollError: z.string().nullable(),
  updatedAt: z.iso.datetime().nullable(),
});
export type ScheduleView = z.infer<typeof scheduleViewSchema>;

/** POST /api/projects/{projectId}/retrain */
export const retrainSchema = z.object({
  backbones: z
    .array(z.string().min(1))
    .max(50)
    .optional()
    .describe(
      'Try these alone, on the data set of the champion. Default: everything anew, with the newest pictures',
    ),
});
export type Retrain = z.infer<typeof retrainSchema>;

export const RETRAINING_TRIGGERS = [
  'manual',
  'cron',
  'new-backbones',
  'new-pictures',
  'feedback',
  'drift',
] as const;
export const RETRAINING_STATES = [
  'queued',
  'training',
  'shadowing',
  'promoted',
  'refused',
  'rolled-back',
  'failed',
] as const;

const sideSchema = z.object({
  modelId: z.uuid(),
  version: z.number().int(),
  backbone: z.string(),
  accuracy: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  latencyMs: z
    .number()
    .describe('Milliseconds a picture through the packaged file, median, measured side by side'),
  bytes: z.number().int().describe('Size of the model file'),
});

/** How a challenger did against the champion, on the same held-out pictures. */
export const verdictSchema = z.object({
  wins: z.boolean(),
  reasons: z.array(z.string()).describe('In words, with the numbers'),
  pictures: z.number().int().describe('Held-out pictures both were asked about'),
  champion: sideSchema,
  challenger: sideSchema,
  onlyChampion: z.number().int().describe('Pictures only the champion got right'),
  onlyChallenger: z.number().int(),
  pValue: z.number().describe('Exact McNemar test, two-sided'),
  comparisons: z
    .number()
    .int()
    .describe('Challengers of the project judged so far, this one included: each is a chance of a lucky win'),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const shadowSchema = z.object({
  requests: z.number().int(),
  wanted: z.number().int(),
  agreed: z.number().int(),
  errors: z.number().int(),
  championMs: z.number().nullable().describe('Mean milliseconds a picture'),
  challengerMs: z.number().nullable(),
});
export type Shadow = z.infer<typeof shadowSchema>;

/** GET /api/retrainings/{retrainingId}, GET /api/projects/{projectId}/retrainings (newest first) */
export const retrainingSchema = z.object({
  id: z.uuid(),
  projectId: z.uuid(),
  trigger: z.enum(RETRAINING_TRIGGERS),
  detail: z.string().describe('What set it off, in words'),
  state: z.enum(RETRAINING_STATES),
  backbones: z.array(z.string()).describe('Tried alone; empty: everything was searched anew'),
  runId: z.uuid().nullable(),
  championId: z.uuid().nullable().describe('The model to beat'),
  challengerId: z.uuid().nullable(),
  verdict: verdictSchema.nullable(),
  shadow: shadowSchema.nullable(),
  error: z.string().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type RetrainingView = z.infer<typeof retrainingSchema>;

/** POST /api/models/{model}/feedback: multipart with a file `picture`, or JSON with the sha256 of a picture Graft has */
export const feedbackSchema = z.object({
  label: z.string().trim().min(1).max(200).describe('What it really is: a category of the project'),
  predicted: z.string().trim().max(200).optional().describe('What the model said'),
  note: z.string().trim().max(1000).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is the sha256 of a picture: 64 hex digits')
    .optional()
    .describe('Of a picture or text that Graft has; or send it itself'),
  text: z.string().optional().describe('The text itself, for a model of texts; pictures are sent as a form'),
});
export type FeedbackInput = z.infer<typeof feedbackSchema>;

export const FEEDBACK_STATES = ['pending', 'accepted', 'rejected'] as const;

/** GET /api/projects/{projectId}/feedback?state= ; POST /api/feedback/{feedbackId}/accept | reject */
export const feedbackViewSchema = z.object({
  id: z.uuid(),
  projectId: z.uuid(),
  modelId: z.uuid(),
  sha256: z.string().describe('GET /api/feedback/{feedbackId}/picture gives its bytes'),
  label: z.string(),
  predicted: z.string().nullable(),
  note: z.string().nullable(),
  state: z
    .enum(FEEDBACK_STATES)
    .describe('accepted: an own picture of the category from the next run on. A person decides'),
  actor: z.string(),
  createdAt: z.iso.datetime(),
});
export type FeedbackView = z.infer<typeof feedbackViewSchema>;
export const feedbackQuerySchema = z.object({ state: z.enum(FEEDBACK_STATES).optional() });
