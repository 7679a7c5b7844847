import { readFile } from 'node:fs/promises';
import {
  Body,
  Controller,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import {
  addedTextsSchema,
  addTextsSchema,
  MAX_TEXT_FILE_BYTES,
  readTextsQuerySchema,
  readTextsSchema,
} from '../http/api/texts.js';
import { TempFilesInterceptor } from '../http/temp-files.interceptor.js';
import { GraftError } from '../runs/errors.js';
import { readLabelled, readUnlabelled, TEXTS_FIX } from './read-texts.js';
import { TextsService } from './texts.service.js';

export class AddTextsDto extends createZodDto(addTextsSchema) {}
export class AddedTextsDto extends createZodDto(addedTextsSchema) {}
export class ReadTextsQueryDto extends createZodDto(readTextsQuerySchema) {}
export class ReadTextsDto extends createZodDto(readTextsSchema) {}

@ApiTags('projects')
@Controller('api')
export class TextsController {
  constructor(private readonly texts: TextsService) {}

  /** Adds own texts to a project about texts: labelled ones, and unlabelled ones that word vectors are learnt from */
  @Post('projects/:projectId/texts')
  @ApiCreatedResponse({ type: AddedTextsDto })
  add(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Body() body: AddTextsDto,
  ): Promise<AddedTextsDto> {
    return this.texts.add(projectId, body);
  }

  /** Reads a file of texts and says what is in it; nothing is kept: send the texts to a project, in parts where they are many */
  @Post('texts/read')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @ApiOkResponse({ type: ReadTextsDto })
  @UseInterceptors(
    TempFilesInterceptor,
    FileInterceptor('file', { limits: { files: 1, fileSize: MAX_TEXT_FILE_BYTES } }),
  )
  async read(
    @Query() { kind }: ReadTextsQueryDto,
    @UploadedFile() file: Express.Multer.File | undefined,
  ): Promise<ReadTextsDto> {
    if (!file) throw noFile();
    const bytes = await readFile(file.path);
    if (kind === 'labelled') {
      const { rows, leftOut } = readLabelled(file.originalname, bytes);
      return { labelled: [...rows], unlabelled: [], leftOut: [...leftOut] };
    }
    const { rows, leftOut } = readUnlabelled(file.originalname, bytes);
    return { labelled: [], unlabelled: [...rows], leftOut: [...leftOut] };
  }
}

const noFile = (): GraftError =>
  new GraftError({ code: 'no-file', message: 'The form has no file under the name "file".', fix: TEXTS_FIX });
