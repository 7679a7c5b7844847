import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../access/scopes.js';
import { Actor } from '../access/actor.js';
import { ModelEventDto, PromoteDto, RollbackDto } from '../http/dto/registry.js';
import { RegistryService } from './registry.service.js';

@ApiTags('registry')
@GetsNeedRead()
@Controller('api/projects/:projectId')
export class RegistryController {
  constructor(private readonly registry: RegistryService) {}

  /** Makes a model the champion of its project */
  @Post('promote')
  @HttpCode(200)
  @ApiOkResponse({ type: ModelEventDto })
  promote(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Body() body: PromoteDto,
    @Actor() actor: string,
  ): Promise<ModelEventDto> {
    return this.registry.promote(projectId, body, actor);
  }

  /** Brings back the champion before the last promotion; called again, the one before that */
  @Post('rollback')
  @HttpCode(200)
  @ApiOkResponse({ type: ModelEventDto })
  rollBack(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Body() body: RollbackDto,
    @Actor() actor: string,
  ): Promise<ModelEventDto> {
    return this.registry.rollBack(projectId, body, actor);
  }

  /** Every change of the aliases champion and challenger, newest first, with its reason */
  @Get('history')
  @ApiOkResponse({ type: [ModelEventDto] })
  history(@Param('projectId', ParseUUIDPipe) projectId: string): Promise<ModelEventDto[]> {
    return this.registry.history(projectId);
  }
}
