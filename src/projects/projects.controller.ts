import {
  Body,
  Controller,
  Get,
  Param,
  ParseUUIDPipe,
  Post,
  UploadedFiles,
  UseInterceptors,
} from '@nestjs/common';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead } from '../access/scopes.js';
import { CreateProjectDto, ListedUrlsDto, ListUrlsDto, ProjectDto, UploadResultDto } from '../http/dto.js';
import { TempFilesInterceptor } from '../http/temp-files.interceptor.js';
import { ProjectsService } from './projects.service.js';

@ApiTags('projects')
@GetsNeedRead()
@Controller('api/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  /** Creates a project from category names */
  @Post()
  @ApiCreatedResponse({ type: ProjectDto })
  create(@Body() body: CreateProjectDto): Promise<ProjectDto> {
    return this.projects.create(body);
  }

  @Get()
  @ApiOkResponse({ type: [ProjectDto] })
  list(): Promise<ProjectDto[]> {
    return this.projects.list();
  }

  @Get(':projectId')
  @ApiOkResponse({ type: ProjectDto })
  view(@Param('projectId', ParseUUIDPipe) projectId: string): Promise<ProjectDto> {
    return this.projects.view(projectId);
  }

  /** Lists addresses of pictures by category; every run of the project takes all of them. A bad row is reported by its line */
  @Post(':projectId/urls')
  @ApiCreatedResponse({ type: ListedUrlsDto })
  listUrls(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Body() { rows }: ListUrlsDto,
  ): Promise<ListedUrlsDto> {
    return this.projects.listUrls(projectId, rows);
  }

  /** Adds own pictures to a category: any number of files; a zip is unpacked. A bad file is reported, the others are kept */
  @Post(':projectId/categories/:category/images')
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      properties: { files: { type: 'array', items: { type: 'string', format: 'binary' } } },
    },
  })
  @ApiCreatedResponse({ type: UploadResultDto })
  @UseInterceptors(TempFilesInterceptor, AnyFilesInterceptor())
  upload(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Param('category') category: string,
    @UploadedFiles() files: Express.Multer.File[] = [],
  ): Promise<UploadResultDto> {
    const uploaded = files.map((file) => ({ path: file.path, name: file.originalname, bytes: file.size }));
    return this.projects.upload(projectId, category, uploaded);
  }
}
