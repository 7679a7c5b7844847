import { createZodDto } from 'nestjs-zod';
import * as api from '../api/retraining.js';

export class ScheduleDto extends createZodDto(api.scheduleSchema) {}
export class ScheduleViewDto extends createZodDto(api.scheduleViewSchema) {}
export class RetrainDto extends createZodDto(api.retrainSchema) {}
export class RetrainingDto extends createZodDto(api.retrainingSchema) {}
export class FeedbackDto extends createZodDto(api.feedbackSchema) {}
export class FeedbackViewDto extends createZodDto(api.feedbackViewSchema) {}
export class FeedbackQueryDto extends createZodDto(api.feedbackQuerySchema) {}
