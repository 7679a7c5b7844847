import { pipeline } from 'node:stream/promises';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../../access/scopes.js';
import type { Response } from 'express';
import {
  DatasetDiffDto,
  DatasetDto,
  DatasetPicturesDto,
  DatasetPicturesQueryDto,
  ExportQueryDto,
} from '../../http/dto.js';
import { VersionsService } from './versions.service.js';

@ApiTags('datasets')
@GetsNeedRead()
@Controller('api/datasets')
export class VersionsController {
  constructor(private readonly versions: VersionsService) {}

  /** Frozen data sets, newest first; each is named by its contents */
  @Get()
  @ApiOkResponse({ type: [DatasetDto] })
  list(): Promise<DatasetDto[]> {
    return this.versions.list();
  }

  @Get(':version')
  @ApiOkResponse({ type: DatasetDto })
  get(@Param('version') version: string): Promise<DatasetDto> {
    return this.versions.get(version);
  }

  @Get(':version/pictures')
  @ApiOkResponse({ type: DatasetPicturesDto })
  async pictures(
    @Param('version') version: string,
    @Query() { offset, limit }: DatasetPicturesQueryDto,
  ): Promise<DatasetPicturesDto> {
    const all = await this.versions.pictures(version);
    return { total: all.length, offset, items: all.slice(offset, offset + limit) };
  }

  /** What has to be done to the first version to get the second */
  @Get(':version/diff/:other')
  @ApiOkResponse({ type: DatasetDiffDto })
  async diff(@Param('version') version: string, @Param('other') other: string): Promise<DatasetDiffDto> {
    const { added, removed, moved } = await this.versions.diff(version, other);
    return { added: [...added], removed: [...removed], moved: [...moved] };
  }

  /** The files: `zip`, `csv` (attribution), `webdataset` (tar), and `folders` or `hf` (Hugging Face imagefolder) as a tar of those folders */
  @Get(':version/export')
  @ApiProduces('application/x-tar', 'application/zip', 'text/csv')
  async export(
    @Param('version') version: string,
    @Query() { format }: ExportQueryDto,
    @Res() response: Response,
  ): Promise<void> {
    const { mime, name, body } = await this.versions.export(version, format);
    response.attachment(name);
    response.setHeader('content-type', mime);
    if (typeof body === 'string') return void response.send(body);
    // A reader that goes away is no error; a picture that is missing cuts the answer short, which the reader sees.
    await pipeline(body, response).catch(() => response.destroy());
  }
}
