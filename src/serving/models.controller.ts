import {
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead, Needs } from '../access/scopes.js';
import type { Request, Response } from 'express';
import { ExplainQueryDto, ModelDto, PredictQueryDto, PredictResponseDto } from '../http/dto.js';
import { ModelsService } from './models.service.js';
import { PICTURE_FORM } from './picture-storage.js';
import { PREDICT_BODY } from './predict-body.js';
import { PredictRequests } from './predict-requests.js';

@ApiTags('models')
@GetsNeedRead()
@Controller('api/models')
export class ModelsController {
  constructor(
    private readonly models: ModelsService,
    private readonly requests: PredictRequests,
  ) {}

  @Get()
  @ApiOkResponse({ type: [ModelDto] })
  list(): Promise<ModelDto[]> {
    return this.models.list();
  }

  /** A model by its id or alias: `champion` is the one packaged last, `<projectId>:champion` that of a project */
  @Get(':model')
  @ApiOkResponse({ type: ModelDto })
  view(@Param('model') model: string): Promise<ModelDto> {
    return this.models.view(model);
  }

  /** A file of the package */
  @Get(':model/package/:file')
  @ApiProduces('application/octet-stream')
  async file(
    @Param('model') model: string,
    @Param('file') file: string,
    @Res() response: Response,
  ): Promise<void> {
    const { stream, bytes } = await this.models.packageFile(model, file);
    response.setHeader('content-type', 'application/octet-stream');
    response.setHeader('content-length', bytes);
    response.setHeader('content-disposition', `attachment; filename="${file}"`);
    stream.on('error', () => response.destroy()).pipe(response);
  }

  /** Predicts pictures: a form with one or more files, one picture as the raw body, or JSON with base64 or addresses */
  @Post(':model/predict')
  @Needs('predict')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data', 'application/octet-stream', 'image/*', 'application/json')
  @ApiBody(PREDICT_BODY)
  @ApiOkResponse({ type: PredictResponseDto })
  @UseInterceptors(AnyFilesInterceptor(PICTURE_FORM))
  async predict(
    @Param('model') model: string,
    @Query() query: PredictQueryDto,
    @Req() request: Request,
  ): Promise<PredictResponseDto> {
    return this.requests.answer(await this.models.served(model), request, query);
  }

  /** Shows where one picture was decided, as a PNG: class activation for linear heads, else occlusion */
  @Post(':model/explain')
  @Needs('predict')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data', 'application/octet-stream', 'image/*', 'application/json')
  @ApiBody(PREDICT_BODY)
  @ApiProduces('image/png')
  @UseInterceptors(AnyFilesInterceptor(PICTURE_FORM))
  async explain(
    @Param('model') model: string,
    @Query() query: ExplainQueryDto,
    @Req() request: Request,
  ): Promise<StreamableFile> {
    return this.requests.explain(await this.models.served(model), request, query);
  }
}
