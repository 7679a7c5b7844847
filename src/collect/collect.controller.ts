import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../access/scopes.js';
import type { Response } from 'express';
import { RetriedDto, RetryFailedDto } from '../http/dto.js';
import { RunsService } from '../runs/runs.service.js';
import { ATTRIBUTION_FILE, AttributionFile } from './attribution.js';
import { FetchRetry } from './fetch-retry.js';

@ApiTags('runs')
@GetsNeedRead()
@Controller('api/runs/:runId')
export class CollectController {
  constructor(
    private readonly runs: RunsService,
    private readonly retry: FetchRetry,
    private readonly attributions: AttributionFile,
  ) {}

  /** Fetches failed pictures again and nothing else; a run that has gone beyond its data set is copied for that, and stays as it is */
  @Post('retry-failed')
  @HttpCode(200)
  @ApiOkResponse({ type: RetriedDto })
  async retryFailed(
    @Param('runId', ParseUUIDPipe) runId: string,
    @Body() { reasons }: RetryFailedDto,
  ): Promise<RetriedDto> {
    return this.retry.retry(await this.runs.get(runId), reasons);
  }

  /** Where each kept picture comes from, who made it and under which licence, as CSV */
  @Get('attribution')
  @ApiProduces('text/csv')
  async attribution(@Param('runId', ParseUUIDPipe) runId: string, @Res() response: Response): Promise<void> {
    await this.runs.get(runId);
    response.setHeader('content-type', 'text/csv; charset=utf-8');
    response.attachment(ATTRIBUTION_FILE);
    response.send(await this.attributions.csv(runId));
  }
}
