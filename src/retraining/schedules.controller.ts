import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Put } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../access/scopes.js';
import { RetrainDto, RetrainingDto, ScheduleDto, ScheduleViewDto } from '../http/dto/retraining.js';
import { RetrainingsService } from './retrainings.service.js';
import { SchedulesService } from './schedules.service.js';

@ApiTags('retraining')
@GetsNeedRead()
@Controller('api')
export class SchedulesController {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly retrainingsService: RetrainingsService,
  ) {}

  /** The schedules of all projects */
  @Get('schedules')
  @ApiOkResponse({ type: [ScheduleViewDto] })
  list(): Promise<ScheduleViewDto[]> {
    return this.schedules.list();
  }

  /** When the project is retrained, with its next firings in words */
  @Get('projects/:projectId/schedule')
  @ApiOkResponse({ type: ScheduleViewDto })
  view(@Param('projectId', ParseUUIDPipe) projectId: string): Promise<ScheduleViewDto> {
    return this.schedules.view(projectId);
  }

  @Put('projects/:projectId/schedule')
  @ApiOkResponse({ type: ScheduleViewDto })
  save(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Body() body: ScheduleDto,
  ): Promise<ScheduleViewDto> {
    return this.schedules.save(projectId, body);
  }

  @Delete('projects/:projectId/schedule')
  @HttpCode(204)
  remove(@Param('projectId', ParseUUIDPipe) projectId: string): Promise<void> {
    return this.schedules.remove(projectId);
  }

  /** Trains a challenger now; it becomes the champion if it wins on the held-out pictures */
  @Post('projects/:projectId/retrain')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: RetrainingDto })
  retrain(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Body() body: RetrainDto,
  ): Promise<RetrainingDto> {
    return this.retrainingsService.retrain(projectId, body);
  }

  /** The retrainings of a project, newest first, each with its verdict and the numbers behind it */
  @Get('projects/:projectId/retrainings')
  @ApiOkResponse({ type: [RetrainingDto] })
  retrainings(@Param('projectId', ParseUUIDPipe) projectId: string): Promise<RetrainingDto[]> {
    return this.retrainingsService.list(projectId);
  }

  @Get('retrainings/:retrainingId')
  @ApiOkResponse({ type: RetrainingDto })
  retraining(@Param('retrainingId', ParseUUIDPipe) retrainingId: string): Promise<RetrainingDto> {
    return this.retrainingsService.view(retrainingId);
  }
}
