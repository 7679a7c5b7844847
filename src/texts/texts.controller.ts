import { Body, Controller, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { addedTextsSchema, addTextsSchema } from '../http/api/texts.js';
import { TextsService } from './texts.service.js';

export class AddTextsDto extends createZodDto(addTextsSchema) {}
export class AddedTextsDto extends createZodDto(addedTextsSchema) {}

@ApiTags('projects')
@Controller('api/projects')
export class TextsController {
  constructor(private readonly texts: TextsService) {}

  /** Adds own texts to a project about texts: labelled ones, and unlabelled ones that word vectors are learnt from */
  @Post(':projectId/texts')
  @ApiCreatedResponse({ type: AddedTextsDto })
  add(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Body() body: AddTextsDto,
  ): Promise<AddedTextsDto> {
    return this.texts.add(projectId, body);
  }
}
