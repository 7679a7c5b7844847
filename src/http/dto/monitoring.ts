import { createZodDto } from 'nestjs-zod';
import * as api from '../api/monitoring.js';

export class ReadyDto extends createZodDto(api.readySchema) {}
export class MonitoringDto extends createZodDto(api.monitoringSchema) {}
export class PredictionLogQueryDto extends createZodDto(api.predictionLogQuerySchema) {}
export class PredictionLogDto extends createZodDto(api.predictionLogSchema) {}
