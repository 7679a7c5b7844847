import { z } from 'zod';

/** What may happen to an alias of a project: kept forever, with who did it and why. */
export const MODEL_ACTIONS = ['built', 'challenged', 'promoted', 'rolled-back', 'refused'] as const;

const reason = z.string().trim().min(1).max(500).describe('Why: it is kept in the history');

/** POST /api/projects/{projectId}/promote */
export const promoteSchema = z.object({ modelId: z.uuid().describe('A model of the project'), reason });
export type Promote = z.infer<typeof promoteSchema>;

/** POST /api/projects/{projectId}/rollback: the champion becomes the one it was before its last promotion */
export const rollbackSchema = z.object({ reason });
export type Rollback = z.infer<typeof rollbackSchema>;

const modelNameSchema = z.object({ id: z.uuid(), version: z.number().int() });

/** GET /api/projects/{projectId}/history, newest first */
export const modelEventSchema = z.object({
  id: z.uuid(),
  projectId: z.uuid(),
  at: z.iso.datetime(),
  actor: z.string().describe('Who: the name of an API key, `local`, or `schedule`'),
  action: z
    .enum(MODEL_ACTIONS)
    .describe(
      'built: by a run a person started, champion at once; challenged: by retraining; refused: a challenger that did not win',
    ),
  alias: z.enum(['champion', 'challenger']),
  from: modelNameSchema.nullable().describe('What the alias named before'),
  to: modelNameSchema.nullable().describe('What it names since'),
  reason: z.string(),
});
export type ModelEventView = z.infer<typeof modelEventSchema>;
