import { Controller, Get, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../access/scopes.js';
import type { Response } from 'express';
import {
  FacetsDto,
  GroupsQueryDto,
  ImageGroupsDto,
  ImageStoryDto,
  ThumbnailQueryDto,
  WithoutDto,
  WithoutQueryDto,
} from '../http/dto.js';
import { RunsService } from '../runs/runs.service.js';
import { PictureFacts } from './picture-facts.js';
import { Thumbnails } from './thumbnails.js';

@ApiTags('pictures')
@GetsNeedRead()
@Controller('api')
export class PicturesController {
  constructor(
    private readonly runs: RunsService,
    private readonly facts: PictureFacts,
    private readonly thumbnails: Thumbnails,
  ) {}

  /** How many pictures there are of each kind, and what each query gave */
  @Get('runs/:runId/facets')
  @ApiOkResponse({ type: FacetsDto })
  async facets(@Param('runId', ParseUUIDPipe) runId: string): Promise<FacetsDto> {
    await this.runs.get(runId);
    return this.facts.facets(runId);
  }

  /** Groups of copies, side by side */
  @Get('runs/:runId/groups')
  @ApiOkResponse({ type: ImageGroupsDto })
  async groups(
    @Param('runId', ParseUUIDPipe) runId: string,
    @Query() query: GroupsQueryDto,
  ): Promise<ImageGroupsDto> {
    await this.runs.get(runId);
    return this.facts.groups(runId, query);
  }

  /** What would be left without the pictures of a query or a provider */
  @Get('runs/:runId/without')
  @ApiOkResponse({ type: WithoutDto })
  async without(
    @Param('runId', ParseUUIDPipe) runId: string,
    @Query() query: WithoutQueryDto,
  ): Promise<WithoutDto> {
    await this.runs.get(runId);
    return this.facts.without(runId, query);
  }

  /** A picture and everything that happened to it */
  @Get('images/:imageId/story')
  @ApiOkResponse({ type: ImageStoryDto })
  story(@Param('imageId', ParseUUIDPipe) imageId: string): Promise<ImageStoryDto> {
    return this.facts.story(imageId);
  }

  /** A small WebP of a stored picture */
  @Get('images/:sha256/thumbnail')
  @ApiProduces('image/webp')
  async thumbnail(
    @Param('sha256') sha256: string,
    @Query() { size }: ThumbnailQueryDto,
    @Res() response: Response,
  ): Promise<void> {
    const bytes = await this.thumbnails.get(sha256, size);
    response.setHeader('content-type', 'image/webp');
    response.setHeader('content-security-policy', "default-src 'none'; sandbox");
    response.setHeader('cache-control', 'private, max-age=31536000, immutable');
    response.send(bytes);
  }
}
