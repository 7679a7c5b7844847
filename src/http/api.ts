import { z } from 'zod';
import { LIMITS, runSettingsSchema } from '../config/settings.js';
import { DECISION_ACTIONS } from '../dataset/curate/curation.js';
import { MODALITIES } from '../modalities/modality.js';
import { EXPORT_FORMATS } from '../dataset/versions/formats.js';
import { DOUBTS, IMAGE_SORTS, storySchema } from './api/pictures.js';
import {
  categorySearchSchema,
  countsSchema,
  modelSummarySchema,
  paretoSchema,
  runErrorSchema,
  runStateSchema,
  splitCountsSchema,
  stageNameSchema,
  stageViewSchema,
  trialCostSchema,
  trialSchema,
  trialValidationSchema,
} from '../runs/run.js';
import { selectionSchema } from '../runs/selection.js';
import { evidenceFields } from './api/evidence.js';

export * from './api/evidence.js';
export * from './api/measures.js';
export type { StageView } from '../runs/run.js';
export * from './api/predict.js';
export * from './api/estimate.js';
export * from './api/pictures.js';

/**
 * The HTTP API's shapes: the one source for validation, the OpenAPI document and the command line's client.
 * Every route lives under `/api`.
 */

/** POST /api/projects */
export const createProjectSchema = z.object({
  name: z.string().trim().min(1).max(200).optional().describe('Default: the categories, joined'),
  categories: z.array(z.string()).describe('At least two different names'),
  modality: z.enum(MODALITIES).default('image').describe('What is told apart: pictures or texts'),
});
export type CreateProject = z.input<typeof createProjectSchema>;

export const projectSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  modality: z.enum(MODALITIES).default('image'),
  categories: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      uploads: z.number().int().describe('Own pictures'),
      urls: z.number().int().default(0).describe('Listed addresses'),
    }),
  ),
  createdAt: z.iso.datetime(),
});
export type ProjectView = z.infer<typeof projectSchema>;

/** POST /api/projects/{projectId}/categories/{category}/images (multipart: any number of files; a .zip is unpacked) */
export const uploadResultSchema = z.object({
  accepted: z.number().int(),
  rejected: z.array(z.object({ file: z.string(), reason: z.string(), detail: z.string() })),
});
export type UploadResult = z.infer<typeof uploadResultSchema>;

/** POST /api/projects/{projectId}/urls */
export const urlRowSchema = z.object({
  category: z.string(),
  url: z.string(),
  line: z.number().int().optional().describe('Where the row stands in its file, for the report of bad rows'),
  page: z.string().nullish(),
  creator: z.string().nullish(),
  licence: z.string().nullish(),
  licenceUrl: z.string().nullish(),
});
export type UrlRow = z.infer<typeof urlRowSchema>;

export const listUrlsSchema = z.object({
  rows: z.array(urlRowSchema).min(1).max(LIMITS.maxUrlRows),
});
export type ListUrls = z.infer<typeof listUrlsSchema>;

export const listedUrlsSchema = z.object({
  accepted: z.number().int(),
  rejected: z.array(
    z.object({ line: z.number().int(), url: z.string(), reason: z.string(), detail: z.string() }),
  ),
});
export type ListedUrls = z.infer<typeof listedUrlsSchema>;

/** POST /api/runs/{runId}/retry-failed */
export const retryFailedSchema = z.object({
  reasons: z
    .array(z.string().min(1))
    .optional()
    .describe('Reasons to try again, such as timeout or http-503; default: those that may pass'),
});
export type RetryFailed = z.infer<typeof retryFailedSchema>;

export const retriedSchema = z.object({
  runId: z
    .uuid()
    .describe(
      'The run that fetches them: the same, or a new one when the old one has gone beyond its data set',
    ),
  copied: z.boolean(),
  pictures: z.number().int(),
  byReason: z.record(z.string(), z.number().int()),
});
export type Retried = z.infer<typeof retriedSchema>;

/** POST /api/projects/{projectId}/runs */
export const startRunSchema = runSettingsSchema.partial();
export type StartRun = z.infer<typeof startRunSchema>;

/** GET /api/runs/{runId}; also the data of each server-sent event `run` of GET /api/runs/{runId}/events (the last one has a final state) */
export const runSchema = z.object({
  id: z.uuid(),
  projectId: z.uuid(),
  state: runStateSchema,
  stage: stageNameSchema,
  settings: runSettingsSchema,
  error: runErrorSchema.nullable(),
  counts: countsSchema,
  search: z
    .array(categorySearchSchema)
    .default([])
    .describe('What was searched for each category, and why it stopped'),
  stages: z.array(stageViewSchema),
  modelId: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type RunView = z.infer<typeof runSchema>;

/** GET /api/runs/{runId}/images?category=&state=&reason=&offset=&limit= */
export const imageQuerySchema = z.object({
  category: z.string().optional(),
  state: z.enum(['pending', 'kept', 'dropped']).optional(),
  reason: z.string().optional(),
  provider: z.string().optional(),
  query: z.string().optional().describe('Found by this query'),
  doubt: z.enum(DOUBTS).optional().describe('Only pictures that do not look like their category'),
  group: z.string().optional().describe('Key of a duplicate group'),
  sort: z
    .enum(IMAGE_SORTS)
    .default('found')
    .describe(
      'found: by category, provider, query and rank; newest: fetched last; suspicion: likely wrong first; largest: most pixels',
    ),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type ImageQuery = z.infer<typeof imageQuerySchema>;

export const imageSchema = z.object({
  id: z.uuid(),
  category: z.string(),
  state: z.enum(['pending', 'kept', 'dropped']),
  stage: stageNameSchema.describe('The last stage that has judged the picture'),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  provider: z.string(),
  query: z.string(),
  rank: z.number().int(),
  imageUrl: z.string(),
  pageUrl: z.string().nullable(),
  title: z.string().nullable(),
  creator: z.string().nullable(),
  licence: z.string().nullable(),
  licenceUrl: z.string().nullable(),
  sha256: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  part: z.enum(['train', 'validation', 'test']).nullable(),
  duplicateOf: z.uuid().nullable(),
  group: z
    .string()
    .nullable()
    .default(null)
    .describe('Key of its duplicate group, which may have no other member'),
  doubt: z
    .enum(['outlier', 'likely-mislabelled'])
    .nullable()
    .default(null)
    .describe('Why it does not look like its category; a doubted picture may be kept all the same'),
  suspicion: z.number().nullable().default(null).describe('How sure the doubt is, 0..1'),
  suggestedCategory: z.string().nullable().default(null).describe('What it looks most like'),
  decision: z
    .enum(DECISION_ACTIONS)
    .nullable()
    .default(null)
    .describe('What a person decided about the picture, as far as this run knows'),
  movedFrom: z
    .string()
    .nullable()
    .default(null)
    .describe('The category it was found under, when a person moved it'),
});
export type ImageView = z.infer<typeof imageSchema>;

export const imageGroupsSchema = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  items: z.array(z.object({ group: z.string(), members: z.array(imageSchema).describe('The keeper first') })),
});
export type ImageGroups = z.infer<typeof imageGroupsSchema>;

export const imageStorySchema = storySchema.extend({ image: imageSchema });
export type ImageStory = z.infer<typeof imageStorySchema>;

export const imagePageSchema = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  items: z.array(imageSchema),
});

/** GET /api/runs/{runId}/review?offset=&limit= */
export const reviewQuerySchema = imageQuerySchema.pick({ offset: true, limit: true });
export const wrongQuerySchema = z.object({
  category: z.string(),
  provider: z.string(),
  query: z.string(),
  pictures: z.number().int().describe('Pictures that reached the curation'),
  wrong: z.number().int().describe('Of those: dropped, doubted, or moved to another category'),
});
export const reviewSchema = imagePageSchema.extend({
  projectId: z.uuid(),
  wrongQueries: z.array(wrongQuerySchema).describe('Queries whose pictures are mostly wrong'),
});
export type Review = z.infer<typeof reviewSchema>;

/** POST /api/projects/{projectId}/decisions */
export const decisionSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is the sha256 of a picture: 64 hex digits'),
  action: z.enum(DECISION_ACTIONS),
  category: z
    .string()
    .optional()
    .describe('For move: where it belongs. For keep: under which of several categories it was found'),
});
export type DecisionInput = z.infer<typeof decisionSchema>;
export const decideSchema = z.object({ decisions: z.array(decisionSchema).min(1).max(1000) });

/** GET /api/projects/{projectId}/decisions */
export const decisionsSchema = z.array(
  z.object({ sha256: z.string(), action: z.enum(DECISION_ACTIONS), category: z.string().nullable() }),
);
export type DecisionView = z.infer<typeof decisionsSchema>[number];

const partSchema = z.enum(['train', 'validation', 'test']);

/** GET /api/datasets, GET /api/datasets/{version} */
export const datasetSchema = z.object({
  version: z.string().describe('sha256 of the sorted lines `sha256 category part`'),
  pictures: z.number().int(),
  categories: z.array(splitCountsSchema.extend({ name: z.string() })),
  runs: z.array(z.object({ runId: z.uuid(), projectId: z.uuid() })).describe('Runs that train on it'),
  createdAt: z.iso.datetime(),
});
export type DatasetView = z.infer<typeof datasetSchema>;

/** GET /api/datasets/{version}/pictures?offset=&limit= */
export const datasetPicturesQuerySchema = imageQuerySchema.pick({ offset: true, limit: true });
export const datasetPicturesSchema = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  items: z.array(
    z.object({
      sha256: z.string(),
      category: z.string(),
      part: partSchema,
      provider: z.string(),
      query: z.string(),
      imageUrl: z.string(),
      pageUrl: z.string().nullable(),
      title: z.string().nullable(),
      creator: z.string().nullable(),
      licence: z.string().nullable(),
      licenceUrl: z.string().nullable(),
    }),
  ),
});

/** GET /api/datasets/{version}/diff/{other} */
const placeSchema = z.object({ category: z.string(), part: partSchema });
export const datasetDiffSchema = z.object({
  added: z.array(placeSchema.extend({ sha256: z.string() })),
  removed: z.array(placeSchema.extend({ sha256: z.string() })),
  moved: z.array(z.object({ sha256: z.string(), from: placeSchema, to: placeSchema })),
});
export type DatasetDiffView = z.infer<typeof datasetDiffSchema>;

/** GET /api/datasets/{version}/export?format= */
export const exportQuerySchema = z.object({ format: z.enum(EXPORT_FORMATS) });

/** GET /api/runs/{runId}/trials */
export const trialsSchema = z.array(trialSchema);

export const leakDeltaSchema = z.object({
  grouped: z.number().describe('Accuracy with the copies of a picture in one fold'),
  ungrouped: z.number().describe('Accuracy of the same model with copies dealt out at random'),
  delta: z.number().describe('ungrouped - grouped: how much too high the accuracy would look'),
  pictures: z.number().int(),
  copies: z.number().int(),
});

/** GET /api/runs/{runId}/report: what `graft build --json` prints */
export const reportSchema = z.object({
  runId: z.uuid(),
  modality: z.enum(MODALITIES).default('image'),
  categories: z.array(z.string()),
  counts: countsSchema,
  search: z.array(categorySearchSchema).default([]),
  split: splitCountsSchema,
  dataset: z
    .string()
    .nullable()
    .default(null)
    .describe('Version of the data set: GET /api/datasets/{version}'),
  leakDelta: leakDeltaSchema
    .nullable()
    .default(null)
    .describe('What duplicates would have done to the validation accuracy; null when there were none'),
  trials: z.array(
    z.object({
      backbone: z.string(),
      tap: z.string(),
      head: z.string(),
      params: z.record(z.string(), z.union([z.number(), z.string()])),
      validation: trialValidationSchema,
      cost: trialCostSchema,
      pareto: paretoSchema,
    }),
  ),
  selection: selectionSchema
    .nullable()
    .default(null)
    .describe(
      'How the winner was chosen and how far that can be believed; null for runs of before it was kept',
    ),
  selected: modelSummarySchema,
  ...evidenceFields,
  package: z.string().describe('Folder of the package on the machine of the service'),
});
export type Report = z.infer<typeof reportSchema>;

/** GET /api/models, GET /api/models/{model} where model is an id or an alias (`champion` of the newest project, or `<projectId>:champion`) */
export const modelSchema = z.object({
  id: z.uuid(),
  projectId: z.uuid(),
  runId: z.uuid(),
  modality: z.enum(MODALITIES),
  version: z.number().int(),
  aliases: z.array(z.string()),
  labels: z.array(z.string()),
  summary: modelSummarySchema,
  files: z.array(z.string()).describe('Files of the package: GET /api/models/{model}/package/{file}'),
  createdAt: z.iso.datetime(),
});
export type ModelView = z.infer<typeof modelSchema>;

/** GET /api/zoo */
export const backboneSchema = z.object({
  id: z.string(),
  title: z.string(),
  family: z.string(),
  licence: z.string(),
  origin: z.string(),
  pretrainedOn: z.string(),
  source: z
    .enum(['embedded', 'local', 'mirror', 'hub'])
    .describe('hub: searched only when installed or named'),
  bytes: z.number().int().nullable().describe('Exact, or for weights of a hub as its page rounds it'),
  modality: z.enum(MODALITIES),
  input: z.string().describe('Width x height of the input; for texts the most tokens that are read'),
  installed: z.boolean().describe('For what is learnt from the texts of a run: always'),
  taps: z.number().int().nullable().describe('Truncation depths found, once installed'),
});
export type BackboneView = z.infer<typeof backboneSchema>;

/** GET /api/providers */
export const providerSchema = z.object({
  id: z.string(),
  title: z.string(),
  homepage: z.string(),
  terms: z.string(),
  needs: z.array(z.string()),
  enabledByDefault: z.boolean(),
  offline: z.boolean(),
});
export type ProviderView = z.infer<typeof providerSchema>;

/** GET /api/health */
export const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  instanceId: z.string(),
  dataDir: z.string().nullable().describe('null for whoever has no key where keys are demanded'),
  database: z.enum(['pglite', 'postgresql']),
});
export type Health = z.infer<typeof healthSchema>;

/** Every error: RFC 9457 problem details, content type application/problem+json */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string().describe('Stable machine-readable name, such as too-few-categories'),
  fix: z.string().nullable().describe('What to do about it'),
  requestId: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

export * from './api/access.js';
export * from './api/monitoring.js';
export * from './api/registry.js';
export * from './api/retraining.js';
