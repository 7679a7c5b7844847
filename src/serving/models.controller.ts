import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Res,
  UploadedFiles,
  UseInterceptors,
} from '@nestjs/common';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ModelDto, PredictResponseDto } from '../http/dto.js';
import { TempFilesInterceptor } from '../http/temp-files.interceptor.js';
import { ModelsService } from './models.service.js';
import { picturesOf } from './uploaded-pictures.js';

@ApiTags('models')
@Controller('api/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

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

  /** Predicts pictures: multipart with one or more files, or one picture as the raw body */
  @Post(':model/predict')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data', 'application/octet-stream', 'image/*')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ type: PredictResponseDto })
  @UseInterceptors(TempFilesInterceptor, AnyFilesInterceptor())
  async predict(
    @Param('model') model: string,
    @Body() body: unknown,
    @UploadedFiles() files: Express.Multer.File[] | undefined,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<PredictResponseDto> {
    return this.models.predict(model, await picturesOf(body, files, contentType));
  }
}
