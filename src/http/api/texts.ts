import { z } from 'zod';

/** One request's worth; more go in further requests. */
export const MAX_TEXT_ROWS = 5000;

/** POST /api/projects/{projectId}/texts */
export const addTextsSchema = z.object({
  labelled: z
    .array(
      z.object({
        label: z.string().describe('One of the categories of the project'),
        text: z.string(),
        place: z.string().max(500).optional().describe('Where it stands in its file, for reports'),
      }),
    )
    .max(MAX_TEXT_ROWS)
    .default([]),
  unlabelled: z
    .array(z.string())
    .max(MAX_TEXT_ROWS)
    .default([])
    .describe('Texts that word vectors may be learnt from'),
});
export type AddTexts = z.input<typeof addTextsSchema>;

export const addedTextsSchema = z.object({
  labelled: z.number().int(),
  unlabelled: z.number().int(),
  rejected: z.array(z.object({ place: z.string(), reason: z.string(), detail: z.string() })),
});
export type AddedTexts = z.infer<typeof addedTextsSchema>;
