import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedKey, FeedbackView, RetrainingView } from '../../../src/http/api.js';
import { problemSchema } from '../../../src/http/api.js';
import * as dtos from '../../../src/http/dto.js';
import { openApiDocument } from '../../../src/http/openapi.js';
import { casesOf, type Case, type Document } from '../../support/fuzz/cases.js';
import { send, type Answer } from '../../support/fuzz/send.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { openApp, type OpenApp } from '../../support/open-app.js';
import { createProject, registerModel } from '../../support/registered-models.js';
import { request } from '../../support/service-process.js';

/** Another seed tries other values: GRAFT_FUZZ_SEED=7 GRAFT_FUZZ_SPOILED=200 npx vitest run tests/integration/security */
const seed = Number(process.env.GRAFT_FUZZ_SEED ?? 1);
const spoiled = Number(process.env.GRAFT_FUZZ_SPOILED ?? 25);
/** What an answer must not give away: stacks, SQL, places on the disk. */
const INSIDES = /node_modules|\.[jt]s:\d|\n\s+at |insert into|select "|ENOENT|EACCES|\/tmp\//i;

describe('every operation of the OpenAPI document, asked badly', () => {
  let lab: OpenApp;
  let document: Document;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const answers: { asked: Case; answer: Answer }[] = [];

  beforeAll(async () => {
    lab = await openApp();
    await lab.platform.queue.start([]); // runs wait: what they do is for other tests
    document = openApiDocument(lab.app) as unknown as Document;
    const known = await furnish();
    for (const asked of casesOf(document, { seed, spoiled, known }))
      answers.push({ asked, answer: await send(lab.url, asked, agent) });
  });
  afterAll(async () => {
    agent.destroy();
    await lab.platform.queue.stop();
    await lab.close();
  });

  /** One thing of each kind, so that requests get past the look-up of what they name. */
  async function furnish(): Promise<Record<string, string>> {
    const api = `${lab.url}/api`;
    const projectId = await createProject(lab, ['cat', 'dog']);
    const model = await registerModel(lab, projectId);
    const [run] = await request<{ id: string }[]>(`${api}/projects/${projectId}/runs`);
    const key = await request<CreatedKey>(`${api}/keys`, {
      body: { name: 'fuzz', scopes: ['read'], expiresAt: null },
    });
    const form = new FormData();
    form.append('picture', new Blob([Uint8Array.from(await texturedPicture(1))]), 'x.png');
    form.append('label', 'dog');
    const given = await fetch(`${api}/models/${model}/feedback`, { method: 'POST', body: form });
    const feedback = (await given.json()) as FeedbackView;
    const retraining = await request<RetrainingView>(`${api}/projects/${projectId}/retrain`, { body: {} });
    return {
      ...{ projectId, model, runId: run?.id ?? '', keyId: key.id, feedbackId: feedback.id },
      ...{ retrainingId: retraining.id, sha256: feedback.sha256, category: 'cat', file: 'manifest.json' },
    };
  }

  const failing = (wrong: (answer: Answer, asked: Case) => boolean): string[] =>
    answers
      .filter(({ asked, answer }) => wrong(answer, asked))
      .map(({ asked, answer }) =>
        `${asked.operation} | ${asked.what} -> ${answer.status} ${answer.body}`.slice(0, 600),
      );

  it('reaches every operation, and gets past the checks of most', () => {
    const all = new Set(answers.map(({ asked }) => asked.operation));
    const count = Object.values(document.paths).flatMap((item) => Object.keys(item)).length;
    expect(all.size).toBe(count);
    const sound = new Set(
      answers.filter(({ answer }) => answer.status < 300).map(({ asked }) => asked.operation),
    );
    expect(sound.size).toBeGreaterThan(40);
  });

  it('answers none with a 5xx', () => {
    expect(failing(({ status }) => status >= 500)).toEqual([]);
  });

  it('answers every 4xx with problem details', () => {
    const told = ({ status, type, body }: Answer): boolean => {
      if (!type.startsWith('application/problem+json')) return false;
      const problem = problemSchema.safeParse(JSON.parse(body));
      return problem.success && problem.data.status === status;
    };
    expect(failing((answer) => answer.status >= 400 && !told(answer))).toEqual([]);
  });

  it('shows none of its insides', () => {
    expect(failing(({ status, body }) => status >= 400 && INSIDES.test(body))).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('answers what the document promises', () => {
    const promised = (asked: Case, status: number) => {
      const [method = '', path = ''] = asked.operation.split(' ');
      const operation = document.paths[path]?.[method.toLowerCase()] as unknown as Responses;
      return operation.responses[status]?.content?.['application/json']?.schema;
    };
    const broken = failing(({ status, body }, asked) => {
      if (status >= 300) return false;
      const schema = promised(asked, status);
      const name = (schema?.$ref ?? schema?.items?.$ref)?.split('/').at(-1);
      const dto = Object.values(dtos).find((one) => one.name === name);
      if (!dto) return false;
      return !(schema?.items ? dto.schema.array() : dto.schema).safeParse(JSON.parse(body)).success;
    });
    expect(broken).toEqual([]);
  });
});

interface Responses {
  responses: Record<
    string,
    { content?: Record<string, { schema: { $ref?: string; items?: { $ref?: string } } }> }
  >;
}
