import { z } from 'zod';

/** One request's worth; more go in further requests. */
export const MAX_TEXT_ROWS = 5000;

/** A file of texts is read in one piece on the thread that answers everybody. */
export const MAX_TEXT_FILE_BYTES = 16 * 1024 * 1024;

const labelledTextSchema = z.object({
  label: z.string().describe('One of the categories of the project'),
  text: z.string(),
  place: z.string().max(500).optional().describe('Where it stands in its file, for reports'),
});

/** POST /api/texts/read */
export const readTextsQuerySchema = z.object({
  kind: z
    .enum(['labelled', 'unlabelled'])
    .default('labelled')
    .describe(
      'labelled: CSV with the header label,text, or JSON lines; unlabelled: one text a line, or CSV or JSON lines with a column text',
    ),
});

export const readTextsSchema = z.object({
  labelled: z.array(labelledTextSchema),
  unlabelled: z.array(z.string()),
  leftOut: z.array(z.string()).describe('Lines that hold no text or no label, and why'),
});
export type ReadTextsView = z.infer<typeof readTextsSchema>;

/** POST /api/projects/{projectId}/texts */
export const addTextsSchema = z.object({
  labelled: z.array(labelledTextSchema).max(MAX_TEXT_ROWS).default([]),
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
