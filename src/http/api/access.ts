import { z } from 'zod';

/** What a key may do. `admin` may do everything. */
export const SCOPES = ['predict', 'read', 'admin'] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

/** POST /api/keys */
export const createKeySchema = z.object({
  name: z.string().trim().min(1).max(100).describe('Who or what uses it; stands in the audit log'),
  scopes: z.array(scopeSchema).min(1).max(SCOPES.length),
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type CreateKey = z.infer<typeof createKeySchema>;

/** GET /api/keys, DELETE /api/keys/{keyId} */
export const keySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  start: z.string().describe('The first characters of the key, to tell keys apart'),
  scopes: z.array(scopeSchema),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().describe('To the minute'),
  revokedAt: z.iso.datetime().nullable(),
});
export type KeyView = z.infer<typeof keySchema>;

export const createdKeySchema = keySchema.extend({
  key: z.string().describe('Shown this once; only its hash is kept'),
});
export type CreatedKey = z.infer<typeof createdKeySchema>;

/** POST /api/session: a browser gives its key once and gets a cookie no script can read */
export const openSessionSchema = z.object({ key: z.string().min(1).max(200) });

/** GET /api/session: who asks, and what they may do */
export const sessionSchema = z.object({
  keysDemanded: z.boolean().describe('False on loopback: everything is open'),
  actor: z.string().nullable().describe('Name of the key, `local`, or null: no key was given'),
  scopes: z.array(scopeSchema),
});
export type SessionView = z.infer<typeof sessionSchema>;

/** GET /api/audit?offset=&limit=, newest first */
export const auditQuerySchema = z.object({
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const auditEntrySchema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string().describe('Method and route, such as `POST /api/projects/:projectId/promote`'),
  target: z.record(z.string(), z.string()).describe('The ids in the address'),
  status: z.number().int().describe('HTTP status of the answer'),
  address: z.string().nullable(),
  requestId: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export const auditPageSchema = z.object({
  total: z.number().int(),
  offset: z.number().int(),
  items: z.array(auditEntrySchema),
});
