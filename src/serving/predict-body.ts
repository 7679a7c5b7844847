import { z } from 'zod';
import type { ApiBodyOptions } from '@nestjs/swagger';
import { predictBodySchema } from '../http/api/predict.js';

const { $schema: _, ...json } = z.toJSONSchema(predictBodySchema, { target: 'openapi-3.0', io: 'input' });
const file = { type: 'string', format: 'binary' } as const;

/** The forms a predict request may have, for the OpenAPI document: a file, a form of files, or JSON. */
export const PREDICT_BODY: ApiBodyOptions = {
  schema: {
    anyOf: [
      { ...file, description: 'One picture as the raw body' },
      {
        type: 'object',
        description: 'A form with one or more files',
        properties: { files: { type: 'array', items: file } },
      },
      json as object,
    ],
  },
};
