import { readFile } from 'node:fs/promises';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { GetsNeedRead, Needs } from '../access/scopes.js';
import type { Response } from 'express';
import { LIMITS } from '../config/settings.js';
import { Actor } from '../access/actor.js';
import { FeedbackDto, FeedbackQueryDto, FeedbackViewDto } from '../http/dto/retraining.js';
import { sendPicture } from '../http/send-picture.js';
import { TempFilesInterceptor } from '../http/temp-files.interceptor.js';
import { FeedbackService } from './feedback.service.js';

const ONE_PICTURE = { limits: { fileSize: LIMITS.maxUploadBytes, files: 1 } };

const BODY = {
  schema: {
    type: 'object',
    required: ['label'],
    properties: {
      picture: { type: 'string', format: 'binary' },
      label: { type: 'string' },
      predicted: { type: 'string' },
      note: { type: 'string' },
      sha256: { type: 'string' },
      text: { type: 'string' },
    },
  },
};

@ApiTags('feedback')
@GetsNeedRead()
@Controller('api')
export class FeedbackController {
  constructor(private readonly feedback: FeedbackService) {}

  /** Says that a prediction was wrong and what it really is; the picture waits for a person to accept it */
  @Post('models/:model/feedback')
  @Needs('predict')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody(BODY)
  @ApiOkResponse({ type: FeedbackViewDto })
  @UseInterceptors(TempFilesInterceptor, FileInterceptor('picture', ONE_PICTURE))
  async give(
    @Param('model') model: string,
    @Body() body: FeedbackDto,
    @UploadedFile() file: Express.Multer.File | undefined,
    @Actor() actor: string,
  ): Promise<FeedbackViewDto> {
    const picture = file ? { bytes: await readFile(file.path) } : null;
    return this.feedback.give(model, body, picture, actor);
  }

  @Get('projects/:projectId/feedback')
  @ApiOkResponse({ type: [FeedbackViewDto] })
  list(
    @Param('projectId', ParseUUIDPipe) projectId: string,
    @Query() { state }: FeedbackQueryDto,
  ): Promise<FeedbackViewDto[]> {
    return this.feedback.list(projectId, state);
  }

  @Get('feedback/:feedbackId/picture')
  @ApiProduces('image/*')
  async picture(
    @Param('feedbackId', ParseUUIDPipe) feedbackId: string,
    @Res() response: Response,
  ): Promise<void> {
    sendPicture(response, await this.feedback.pictureOf(feedbackId));
  }

  /** The picture becomes an own picture of its category, from the next run on */
  @Post('feedback/:feedbackId/accept')
  @HttpCode(200)
  @ApiOkResponse({ type: FeedbackViewDto })
  accept(@Param('feedbackId', ParseUUIDPipe) feedbackId: string): Promise<FeedbackViewDto> {
    return this.feedback.decide(feedbackId, 'accepted');
  }

  @Post('feedback/:feedbackId/reject')
  @HttpCode(200)
  @ApiOkResponse({ type: FeedbackViewDto })
  reject(@Param('feedbackId', ParseUUIDPipe) feedbackId: string): Promise<FeedbackViewDto> {
    return this.feedback.decide(feedbackId, 'rejected');
  }
}
