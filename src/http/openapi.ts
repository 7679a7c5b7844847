import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { VERSION } from '../config/version.js';
import { ProblemDto } from './dto.js';

/** The OpenAPI document, generated from the controllers and the zod schemas. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Graft')
    .setDescription(
      'From category names to a served image classifier. Errors are problem details (RFC 9457).',
    )
    .setVersion(VERSION)
    .addGlobalResponse({ status: '4XX', description: 'Problem details', type: ProblemDto })
    .build();
  return cleanupOpenApiDoc(SwaggerModule.createDocument(app, config, { extraModels: [ProblemDto] }));
}

/** Serves the document at /api/docs (a page) and /api/docs-json. */
export function mountDocs(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'api/docs-json' });
}
