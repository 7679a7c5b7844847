import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { GetsNeedRead, Needs } from '../access/scopes.js';
import { MonitoringDto, PredictionLogDto, PredictionLogQueryDto, ReadyDto } from '../http/dto/monitoring.js';
import { Metrics } from './metrics.js';
import { MonitoringService } from './monitoring.service.js';

@ApiTags('monitoring')
@GetsNeedRead()
@Controller()
export class MonitoringController {
  constructor(
    private readonly monitoring: MonitoringService,
    private readonly metrics: Metrics,
  ) {}

  /** Whether the service can do its work: 200 when all checks pass, else 503 */
  @Get('api/ready')
  @Needs('nothing')
  @ApiOkResponse({ type: ReadyDto })
  @ApiResponse({ status: 503, type: ReadyDto })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadyDto> {
    const ready = await this.monitoring.ready();
    response.status(ready.ready ? 200 : 503);
    return ready;
  }

  /** Metrics for Prometheus */
  @Get('metrics')
  @ApiProduces('text/plain')
  @Header('cache-control', 'no-store')
  async prometheus(@Res() response: Response): Promise<void> {
    response.setHeader('content-type', this.metrics.contentType);
    response.send(await this.metrics.text());
  }

  /** What a model answered of late, and whether its pictures have drifted */
  @Get('api/models/:model/monitoring')
  @ApiOkResponse({ type: MonitoringDto })
  view(@Param('model') model: string): Promise<MonitoringDto> {
    return this.monitoring.view(model);
  }

  /** The log of predictions, newest first: hashes of pictures, never the pictures */
  @Get('api/models/:model/predictions')
  @ApiOkResponse({ type: PredictionLogDto })
  predictions(
    @Param('model') model: string,
    @Query() query: PredictionLogQueryDto,
  ): Promise<PredictionLogDto> {
    return this.monitoring.predictions(model, query);
  }
}
