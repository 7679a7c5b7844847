import { z } from 'zod';
import { DECISION_ACTIONS } from '../../dataset/curate/curation.js';
import { splitCountsSchema, stageNameSchema } from '../../runs/run.js';

/** Shapes of what the dashboard's page of pictures asks for. */

/** Few sizes, so that the cache of thumbnails cannot be filled by asking for all of them. */
export const THUMBNAIL_SIZES = [96, 192, 384] as const;

export const thumbnailQuerySchema = z.object({
  size: z.coerce
    .number()
    .refine((size) => (THUMBNAIL_SIZES as readonly number[]).includes(size), {
      message: `is one of ${THUMBNAIL_SIZES.join(', ')}`,
    })
    .default(192),
});

export const DOUBTS = ['any', 'outlier', 'likely-mislabelled'] as const;
export const IMAGE_SORTS = ['found', 'newest', 'suspicion', 'largest'] as const;

/** GET /api/runs/{runId}/facets: how many pictures there are of each kind, so that a filter can say so before it is chosen. */
export const facetsSchema = z.object({
  total: z.number().int(),
  categories: z.array(
    z.object({
      name: z.string(),
      kept: z.number().int(),
      dropped: z.number().int(),
      pending: z.number().int(),
      doubted: z.number().int(),
    }),
  ),
  reasons: z.array(z.object({ reason: z.string(), stage: stageNameSchema, pictures: z.number().int() })),
  doubts: z.object({ outlier: z.number().int(), 'likely-mislabelled': z.number().int() }),
  groups: z.number().int().describe('Groups of two or more copies'),
  queries: z
    .array(
      z.object({
        category: z.string(),
        provider: z.string(),
        query: z.string(),
        found: z.number().int(),
        kept: z.number().int(),
        copies: z.number().int().describe('Dropped as a copy of another picture'),
        broken: z.number().int().describe('Dropped by fetch or inspect: nothing to look at'),
        wrong: z.number().int().describe('Doubted, or dropped by the curation'),
      }),
    )
    .describe('What each query gave'),
});
export type Facets = z.infer<typeof facetsSchema>;

/** GET /api/runs/{runId}/groups?offset=&limit=: groups of copies, the largest first */
export const groupsQuerySchema = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** GET /api/runs/{runId}/without?category=&provider=&query= */
export const withoutQuerySchema = z.object({
  category: z.string().optional(),
  provider: z.string(),
  query: z.string().optional().describe('Default: every query of the provider'),
});
export type WithoutQuery = z.infer<typeof withoutQuerySchema>;

export const withoutSchema = z.object({
  keptNow: z.number().int(),
  keptWithout: z.number().int(),
  replaced: z
    .number()
    .int()
    .describe('Pictures of the query that would stay as a copy that another query found'),
  lost: splitCountsSchema.describe('Pictures that would be missing from each part'),
  sha256: z
    .array(z.string())
    .describe('The kept pictures that would go: to be sent to POST /api/projects/{projectId}/decisions'),
});
export type Without = z.infer<typeof withoutSchema>;

/** GET /api/images/{imageId}/story, beside the picture itself */
export const storySchema = z.object({
  runId: z.uuid(),
  projectId: z.uuid(),
  fetch: z
    .object({
      bytes: z.number().int().nullable(),
      mime: z.string().nullable(),
      finalUrl: z.string().nullable(),
      fetchedAt: z.iso.datetime(),
    })
    .nullable(),
  retries: z.array(z.object({ reason: z.string(), detail: z.string().nullable(), at: z.iso.datetime() })),
  inspection: z
    .object({
      format: z.string().nullable(),
      measures: z.record(z.string(), z.union([z.number(), z.string()])).describe('Quality measures'),
    })
    .nullable(),
  distance: z.number().int().nullable().describe('Hash distance to the keeper of its group'),
  decided: z
    .object({
      action: z.enum(DECISION_ACTIONS),
      category: z.string().nullable(),
      at: z.iso.datetime(),
    })
    .nullable()
    .describe('The last word of a person, for the next run'),
});
export type Story = z.infer<typeof storySchema>;
