import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { z } from 'zod';
import { VERSION } from '../config/version.js';
import * as core from './dto.js';
import * as access from './dto/access.js';
import * as monitoring from './dto/monitoring.js';
import * as registry from './dto/registry.js';
import * as retraining from './dto/retraining.js';
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
  return mendNullables(
    cleanupOpenApiDoc(SwaggerModule.createDocument(app, config, { extraModels: [ProblemDto] })),
  );
}

const dtos = { ...core, ...access, ...monitoring, ...registry, ...retraining };

/** @nestjs/swagger reads a class property of the type `["string", "null"]` as a list of strings: says what zod says instead. */
function mendNullables(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  for (const { name, schema } of Object.values(dtos)) {
    const told = schemas[name];
    const meant = z.toJSONSchema(schema, { unrepresentable: 'any' }).properties ?? {};
    if (!told || !('properties' in told)) continue;
    for (const [key, property] of Object.entries(told.properties ?? {})) {
      const right = meant[key];
      const misread = 'type' in property && property.type === 'array';
      if (misread && typeof right === 'object' && right.type !== 'array')
        told.properties = { ...told.properties, [key]: right as typeof property };
    }
  }
  return document;
}

/** Serves the document at /api/docs (a page) and /api/docs-json. */
export function mountDocs(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'api/docs-json' });
}
