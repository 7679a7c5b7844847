import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Module,
  Param,
  Post,
  UploadedFiles,
  UseInterceptors,
  type DynamicModule,
} from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { AnyFilesInterceptor, type NestExpressApplication } from '@nestjs/platform-express';
import { openPackage, type OpenPackage } from '../../zoo/index.js';
import { LIMITS } from '../config/settings.js';
import type { PredictResponse } from '../http/api.js';
import { refuseCrossSite } from '../http/cross-site.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { rawPictures, urlOf } from '../http/server.js';
import { notFound } from '../runs/errors.js';
import { predictPictures } from './predict.js';
import { tryPage } from './try-page.js';
import { picturesOf } from './uploaded-pictures.js';

const PACKAGE = Symbol('PACKAGE');
/** With one model on the server, all of these mean it. */
const NAMES = ['champion', 'default'];

// Without a destination the parts stay in memory: few and small, they are gone with the request.
const multipart = AnyFilesInterceptor({ limits: { fileSize: LIMITS.maxPredictBytes, files: 64 } });

@Controller()
class PackageController {
  constructor(@Inject(PACKAGE) private readonly model: OpenPackage) {}

  @Get()
  page(): string {
    return tryPage(this.model.manifest);
  }

  @Get('api/health')
  health(): { status: 'ok'; model: string } {
    return { status: 'ok', model: this.model.manifest.runId };
  }

  @Get('api/models/:model')
  view(@Param('model') name: string): OpenPackage['manifest'] {
    return this.named(name).manifest;
  }

  @Post('api/models/:model/predict')
  @HttpCode(200)
  @UseInterceptors(multipart)
  async predict(
    @Param('model') name: string,
    @Body() body: unknown,
    @UploadedFiles() files: Express.Multer.File[] | undefined,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<PredictResponse> {
    const model = this.named(name);
    const pictures = await picturesOf(body, files, contentType);
    return { model: model.manifest.runId, predictions: await predictPictures(model, pictures) };
  }

  private named(name: string): OpenPackage {
    if (NAMES.includes(name) || name === this.model.manifest.runId) return this.model;
    throw notFound('model', name, `This server has one: call it champion, or ${this.model.manifest.runId}.`);
  }
}

@Module({})
class PackageModule {
  static with(model: OpenPackage): DynamicModule {
    return {
      module: PackageModule,
      controllers: [PackageController],
      providers: [
        { provide: PACKAGE, useValue: model },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

/**
 * Serves one packaged model, without a database or a data folder.
 * @throws PackageError when the folder is no sound package
 */
export async function startPackageServer(options: {
  dir: string;
  host: string;
  port: number;
}): Promise<{ url: string; close(): Promise<void> }> {
  const model = await openPackage(options.dir);
  const app = await NestFactory.create<NestExpressApplication>(PackageModule.with(model), {
    logger: ['fatal', 'error'],
  });
  app.disable('x-powered-by');
  app.use(refuseCrossSite());
  app.use('/api/models', rawPictures());
  await app.listen(options.port, options.host);
  const close = async (): Promise<void> => {
    await app.close();
    await model.close();
  };
  return { url: urlOf(app), close };
}
