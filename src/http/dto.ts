import { createZodDto } from 'nestjs-zod';
import { trialSchema } from '../runs/run.js';
import * as api from './api.js';

/** Classes that carry the zod schemas of api.ts into Nest's validation and the OpenAPI document. */
export class CreateProjectDto extends createZodDto(api.createProjectSchema) {}
export class ProjectDto extends createZodDto(api.projectSchema) {}
export class UploadResultDto extends createZodDto(api.uploadResultSchema) {}
export class ListUrlsDto extends createZodDto(api.listUrlsSchema) {}
export class ListedUrlsDto extends createZodDto(api.listedUrlsSchema) {}
export class RetryFailedDto extends createZodDto(api.retryFailedSchema) {}
export class RetriedDto extends createZodDto(api.retriedSchema) {}
export class StartRunDto extends createZodDto(api.startRunSchema) {}
export class RunDto extends createZodDto(api.runSchema) {}
export class ImageQueryDto extends createZodDto(api.imageQuerySchema) {}
export class ImagePageDto extends createZodDto(api.imagePageSchema) {}
export class TrialDto extends createZodDto(trialSchema) {}
export class ReportDto extends createZodDto(api.reportSchema) {}
export class ModelDto extends createZodDto(api.modelSchema) {}
export class PredictResponseDto extends createZodDto(api.predictResponseSchema) {}
export class BackboneDto extends createZodDto(api.backboneSchema) {}
export class ProviderDto extends createZodDto(api.providerSchema) {}
export class HealthDto extends createZodDto(api.healthSchema) {}
export class ProblemDto extends createZodDto(api.problemSchema) {}
export class ReviewQueryDto extends createZodDto(api.reviewQuerySchema) {}
export class ReviewDto extends createZodDto(api.reviewSchema) {}
export class DecideDto extends createZodDto(api.decideSchema) {}
export class DecisionDto extends createZodDto(api.decisionsSchema.element) {}
