import { createZodDto } from 'nestjs-zod';
import * as api from '../api/registry.js';

export class PromoteDto extends createZodDto(api.promoteSchema) {}
export class RollbackDto extends createZodDto(api.rollbackSchema) {}
export class ModelEventDto extends createZodDto(api.modelEventSchema) {}
