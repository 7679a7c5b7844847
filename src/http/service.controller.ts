import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { Request } from 'express';
import { identityOf } from '../access/actor.js';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead, Needs } from '../access/scopes.js';
import { providers } from '../../crawlers/index.js';
import { ENV, DATABASE, INSTANCE, type Instance } from '../storage/tokens.js';
import type { Env } from '../config/env.js';
import { VERSION } from '../config/version.js';
import type { Database } from '../storage/database.js';
import { listZoo } from '../training/zoo-list.js';
import { BackboneDto, HealthDto, ProviderDto } from './dto.js';

@ApiTags('service')
@GetsNeedRead()
@Controller('api')
export class ServiceController {
  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(INSTANCE) private readonly instance: Instance,
  ) {}

  @Get('health')
  @Needs('nothing')
  @ApiOkResponse({ type: HealthDto })
  health(@Req() request: Request): HealthDto {
    return {
      status: 'ok',
      version: VERSION,
      instanceId: this.instance.id,
      dataDir: identityOf(request) ? this.env.dataDir : null,
      database: this.database.kind,
    };
  }

  /** The image-search providers */
  @Get('providers')
  @ApiOkResponse({ type: [ProviderDto] })
  providers(): ProviderDto[] {
    return providers.map(({ id, title, homepage, terms, needs, enabledByDefault, offline }) => ({
      id,
      title,
      homepage,
      terms,
      needs: [...needs],
      enabledByDefault,
      offline,
    }));
  }

  /** The pretrained backbones */
  @Get('zoo')
  @ApiOkResponse({ type: [BackboneDto] })
  zoo(): Promise<BackboneDto[]> {
    return listZoo(this.env);
  }
}
