import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../access/scopes.js';
import type { Response } from 'express';
import type { Observable } from 'rxjs';
import {
  ImagePageDto,
  ImageQueryDto,
  PredictionPageDto,
  PredictionQueryDto,
  ReportDto,
  RunDto,
  StartRunDto,
  TrialDto,
} from '../http/dto.js';
import { sendPicture } from '../http/send-picture.js';
import type { BlobStore } from '../storage/blob-store.js';
import { BLOBS } from '../storage/tokens.js';
import { notFound } from './errors.js';
import { ImageList } from './image-list.js';
import { RunEvidence } from './run-evidence.js';
import { RunEvents } from './run-events.js';
import { RunResults } from './run-results.js';
import { RunsService } from './runs.service.js';

@ApiTags('runs')
@GetsNeedRead()
@Controller('api')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly results: RunResults,
    private readonly evidence: RunEvidence,
    private readonly events: RunEvents,
    private readonly images: ImageList,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  /** Starts a run: one attempt to get a model for the project's categories */
  @Post('projects/:projectId/runs')
  @ApiOkResponse({ type: RunDto })
  start(@Param('projectId', ParseUUIDPipe) projectId: string, @Body() body: StartRunDto): Promise<RunDto> {
    return this.runs.start(projectId, body);
  }

  @Get('projects/:projectId/runs')
  @ApiOkResponse({ type: [RunDto] })
  listOfProject(@Param('projectId', ParseUUIDPipe) projectId: string): Promise<RunDto[]> {
    return this.runs.list(projectId);
  }

  @Get('runs')
  @ApiOkResponse({ type: [RunDto] })
  list(): Promise<RunDto[]> {
    return this.runs.list();
  }

  @Get('runs/:runId')
  @ApiOkResponse({ type: RunDto })
  view(@Param('runId', ParseUUIDPipe) runId: string): Promise<RunDto> {
    return this.runs.view(runId);
  }

  /** Server-sent events `run`, each with the run as GET /api/runs/{runId} gives it, at every change and every 15 s; the stream ends with a final state */
  @Sse('runs/:runId/events')
  @ApiProduces('text/event-stream')
  async follow(@Param('runId', ParseUUIDPipe) runId: string): Promise<Observable<MessageEvent>> {
    await this.runs.get(runId);
    return this.events.follow(runId);
  }

  @Post('runs/:runId/cancel')
  @HttpCode(200)
  @ApiOkResponse({ type: RunDto })
  cancel(@Param('runId', ParseUUIDPipe) runId: string): Promise<RunDto> {
    return this.runs.cancel(runId);
  }

  /** Goes on with a failed or cancelled run where it stopped */
  @Post('runs/:runId/resume')
  @HttpCode(200)
  @ApiOkResponse({ type: RunDto })
  resume(@Param('runId', ParseUUIDPipe) runId: string): Promise<RunDto> {
    return this.runs.resume(runId);
  }

  /** Pictures of the run with their state, and the reason when they were dropped */
  @Get('runs/:runId/images')
  @ApiOkResponse({ type: ImagePageDto })
  async listImages(
    @Param('runId', ParseUUIDPipe) runId: string,
    @Query() query: ImageQueryDto,
  ): Promise<ImagePageDto> {
    await this.runs.get(runId);
    return this.images.page(runId, query);
  }

  /** The bytes of a picture, as they were fetched */
  @Get('images/:imageId/content')
  @ApiProduces('image/*')
  async content(@Param('imageId', ParseUUIDPipe) imageId: string, @Res() response: Response): Promise<void> {
    const image = await this.images.find(imageId);
    if (!image?.sha256) throw notFound('stored picture', imageId);
    sendPicture(response, await this.blobs.get(image.sha256));
  }

  /** The leaderboard, best first */
  @Get('runs/:runId/trials')
  @ApiOkResponse({ type: [TrialDto] })
  async trials(@Param('runId', ParseUUIDPipe) runId: string): Promise<TrialDto[]> {
    await this.runs.get(runId);
    return this.results.trialsOf(runId);
  }

  /** What the winner says of development pictures it has not seen: the cells of the report's confusion matrix */
  @Get('runs/:runId/predictions')
  @ApiOkResponse({ type: PredictionPageDto })
  async predictions(
    @Param('runId', ParseUUIDPipe) runId: string,
    @Query() query: PredictionQueryDto,
  ): Promise<PredictionPageDto> {
    await this.runs.get(runId);
    return this.evidence.predictions(runId, query);
  }

  /** The whole result of a successful run: what `graft build --json` prints */
  @Get('runs/:runId/report')
  @ApiOkResponse({ type: ReportDto })
  report(@Param('runId', ParseUUIDPipe) runId: string): Promise<ReportDto> {
    return this.results.report(runId);
  }
}
