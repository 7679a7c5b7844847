import { createZodDto } from 'nestjs-zod';
import * as api from '../api/access.js';

export class CreateKeyDto extends createZodDto(api.createKeySchema) {}
export class KeyDto extends createZodDto(api.keySchema) {}
export class CreatedKeyDto extends createZodDto(api.createdKeySchema) {}
export class OpenSessionDto extends createZodDto(api.openSessionSchema) {}
export class SessionDto extends createZodDto(api.sessionSchema) {}
export class AuditQueryDto extends createZodDto(api.auditQuerySchema) {}
export class AuditPageDto extends createZodDto(api.auditPageSchema) {}
