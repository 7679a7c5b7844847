import {
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  Module,
  Param,
  Post,
  Query,
  Req,
  StreamableFile,
  UseInterceptors,
  type DynamicModule,
} from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import { AnyFilesInterceptor, type NestExpressApplication } from '@nestjs/platform-express';
import type { Request } from 'express';
import { ZodValidationPipe } from 'nestjs-zod';
import { contentDigest, readManifest } from '../../zoo/index.js';
import type { Env } from '../config/env.js';
import { ExplainQueryDto, PredictQueryDto, PredictResponseDto } from '../http/dto.js';
import { ringOf } from '../access/package-keys.js';
import { demandKey, useDoor } from '../access/door.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { StorableTextPipe } from '../http/storable-text.pipe.js';
import { urlOf } from '../http/server.js';
import { notFound } from '../runs/errors.js';
import { ENV } from '../storage/tokens.js';
import { InferenceHost } from './inference/inference-host.js';
import { PICTURE_FORM } from './picture-storage.js';
import { PredictRequests } from './predict-requests.js';
import type { ServedModel } from './predictor.js';
import { servingProviders, usePictureBodies } from './serving.providers.js';
import { TRY_SCRIPT, tryPage } from './try-page.js';

const SERVED = Symbol('SERVED');
/** With one model on the server, all of these mean it. */
const NAMES = ['champion', 'default'];

@Controller()
class PackageController {
  constructor(
    @Inject(SERVED) private readonly model: ServedModel,
    private readonly requests: PredictRequests,
  ) {}

  @Get()
  page(): string {
    return tryPage(this.model.manifest);
  }

  @Get('try.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  script(): string {
    return TRY_SCRIPT;
  }

  @Get('api/health')
  health(): { status: 'ok'; model: string } {
    return { status: 'ok', model: this.model.id };
  }

  @Get('api/models/:model')
  view(@Param('model') name: string): ServedModel['manifest'] {
    return this.named(name).manifest;
  }

  @Post('api/models/:model/predict')
  @HttpCode(200)
  @UseInterceptors(AnyFilesInterceptor(PICTURE_FORM))
  async predict(
    @Param('model') name: string,
    @Query() query: PredictQueryDto,
    @Req() request: Request,
  ): Promise<PredictResponseDto> {
    return this.requests.answer(this.named(name), request, query);
  }

  @Post('api/models/:model/explain')
  @HttpCode(200)
  @UseInterceptors(AnyFilesInterceptor(PICTURE_FORM))
  explain(
    @Param('model') name: string,
    @Query() query: ExplainQueryDto,
    @Req() request: Request,
  ): Promise<StreamableFile> {
    return this.requests.explain(this.named(name), request, query);
  }

  private named(name: string): ServedModel {
    if (NAMES.includes(name) || name === this.model.id) return this.model;
    throw notFound('model', name, `This server has one: call it champion, or ${this.model.id}.`);
  }
}

@Module({})
class PackageModule {
  static with(model: ServedModel, env: Env): DynamicModule {
    return {
      module: PackageModule,
      controllers: [PackageController],
      providers: [
        { provide: SERVED, useValue: model },
        { provide: ENV, useValue: env },
        ...servingProviders,
        { provide: APP_PIPE, useClass: StorableTextPipe },
        { provide: APP_PIPE, useClass: ZodValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

export interface PackageServerOptions {
  readonly env: Env;
  readonly dir: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Serves one packaged model, without a database or a data folder; it is open before the first request comes in.
 * @throws PackageError, GraftError when the folder is no sound package
 */
export async function startPackageServer({
  env,
  dir,
  host,
  port,
}: PackageServerOptions): Promise<{ url: string; close(): Promise<void> }> {
  const manifest = await readManifest(dir);
  const digest = contentDigest(manifest);
  const model: ServedModel = { id: manifest.runId, version: null, folder: dir, digest, manifest };
  const app = await NestFactory.create<NestExpressApplication>(PackageModule.with(model, env), {
    logger: ['fatal', 'error'],
    abortOnError: false,
  });
  try {
    await app.get(InferenceHost).warm(model);
    const keys = ringOf({ ...env, host });
    useDoor(app, env, keys);
    if (keys) app.use(demandKey());
    usePictureBodies(app);
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw error;
  }
  return { url: urlOf(app), close: () => app.close() };
}
