import { z } from 'zod';
import {
  backboneSchema,
  datasetDiffSchema,
  datasetSchema,
  decisionsSchema,
  healthSchema,
  imagePageSchema,
  listedUrlsSchema,
  modelSchema,
  problemSchema,
  projectSchema,
  providerSchema,
  reportSchema,
  retriedSchema,
  reviewSchema,
  runSchema,
  uploadResultSchema,
  type CreateProject,
  type DatasetDiffView,
  type DatasetView,
  type DecisionInput,
  type DecisionView,
  type Health,
  type ImageQuery,
  type ListedUrls,
  type ModelView,
  type ProjectView,
  type ProviderView,
  type Report,
  type Retried,
  type Review,
  type RunView,
  type StartRun,
  type UploadResult,
  type UrlRow,
} from '../http/api.js';
import { addedTextsSchema, type AddedTexts, type AddTexts } from '../http/api/texts.js';
import type { ExportFormat } from '../dataset/versions/formats.js';
import { CliError, problemError } from './errors.js';
import { parseServerSentEvents } from './sse.js';
import type { MultipartBody } from './upload/multipart.js';

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  json?: unknown;
  multipart?: MultipartBody;
  accept?: string;
  signal?: AbortSignal;
}

export const segment = encodeURIComponent;

/** The HTTP API as functions. Every answer is checked against the API's own schemas. */
export class GraftClient {
  constructor(
    readonly url: string,
    private readonly signal?: AbortSignal,
    private readonly key: string | null = null,
  ) {}

  health(signal?: AbortSignal): Promise<Health> {
    return this.read('/health', healthSchema, { signal });
  }

  providers(): Promise<ProviderView[]> {
    return this.read('/providers', z.array(providerSchema));
  }

  zoo(): Promise<z.infer<typeof backboneSchema>[]> {
    return this.read('/zoo', z.array(backboneSchema));
  }

  createProject(project: CreateProject): Promise<ProjectView> {
    return this.read('/projects', projectSchema, { method: 'POST', json: project });
  }

  /** All projects, newest first. */
  projects(): Promise<ProjectView[]> {
    return this.read('/projects', z.array(projectSchema));
  }

  project(projectId: string): Promise<ProjectView> {
    return this.read(`/projects/${segment(projectId)}`, projectSchema);
  }

  upload(projectId: string, category: string, multipart: MultipartBody): Promise<UploadResult> {
    const path = `/projects/${segment(projectId)}/categories/${segment(category)}/images`;
    return this.read(path, uploadResultSchema, { method: 'POST', multipart });
  }

  listUrls(projectId: string, rows: readonly UrlRow[]): Promise<ListedUrls> {
    const path = `/projects/${segment(projectId)}/urls`;
    return this.read(path, listedUrlsSchema, { method: 'POST', json: { rows } });
  }

  addTexts(projectId: string, texts: AddTexts): Promise<AddedTexts> {
    const path = `/projects/${segment(projectId)}/texts`;
    return this.read(path, addedTextsSchema, { method: 'POST', json: texts });
  }

  startRun(projectId: string, settings: StartRun): Promise<RunView> {
    return this.read(`/projects/${segment(projectId)}/runs`, runSchema, { method: 'POST', json: settings });
  }

  /** All runs, newest first. */
  runs(): Promise<RunView[]> {
    return this.read('/runs', z.array(runSchema));
  }

  run(runId: string): Promise<RunView> {
    return this.read(`/runs/${segment(runId)}`, runSchema);
  }

  resumeRun(runId: string): Promise<RunView> {
    return this.read(`/runs/${segment(runId)}/resume`, runSchema, { method: 'POST' });
  }

  cancelRun(runId: string): Promise<RunView> {
    return this.read(`/runs/${segment(runId)}/cancel`, runSchema, { method: 'POST' });
  }

  retryFailed(runId: string, reasons: readonly string[] | undefined): Promise<Retried> {
    const path = `/runs/${segment(runId)}/retry-failed`;
    return this.read(path, retriedSchema, { method: 'POST', json: { reasons } });
  }

  /** Where each kept picture comes from, as CSV. */
  async attribution(runId: string): Promise<string> {
    const response = await this.send(`/runs/${segment(runId)}/attribution`, { accept: 'text/csv' });
    return response.text();
  }

  report(runId: string): Promise<Report> {
    return this.read(`/runs/${segment(runId)}/report`, reportSchema);
  }

  images(runId: string, query: Partial<ImageQuery>): Promise<z.infer<typeof imagePageSchema>> {
    const pairs = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
    return this.read(
      `/runs/${segment(runId)}/images?${new URLSearchParams(pairs).toString()}`,
      imagePageSchema,
    );
  }

  /** The bytes of a picture, as they were fetched. */
  async imageContent(imageId: string): Promise<Uint8Array> {
    const response = await this.send(`/images/${segment(imageId)}/content`, { accept: '*/*' });
    return new Uint8Array(await response.arrayBuffer());
  }

  review(runId: string, page: { offset: number; limit: number }): Promise<Review> {
    const query = `offset=${page.offset}&limit=${page.limit}`;
    return this.read(`/runs/${segment(runId)}/review?${query}`, reviewSchema);
  }

  /** Decides about pictures for all later runs of the project; the answer lists all decisions. */
  decide(projectId: string, decisions: readonly DecisionInput[]): Promise<DecisionView[]> {
    const path = `/projects/${segment(projectId)}/decisions`;
    return this.read(path, decisionsSchema, { method: 'POST', json: { decisions } });
  }

  /** Frozen data sets, newest first. */
  datasets(): Promise<DatasetView[]> {
    return this.read('/datasets', z.array(datasetSchema));
  }

  datasetDiff(first: string, second: string): Promise<DatasetDiffView> {
    return this.read(`/datasets/${segment(first)}/diff/${segment(second)}`, datasetDiffSchema);
  }

  /** The files of a data set as a stream: see the API for what each format is. */
  async exportDataset(version: string, format: ExportFormat): Promise<ReadableStream<Uint8Array>> {
    return streamOf(
      await this.send(`/datasets/${segment(version)}/export?format=${format}`, { accept: '*/*' }),
    );
  }

  /** All models, newest first. */
  models(): Promise<ModelView[]> {
    return this.read('/models', z.array(modelSchema));
  }

  model(modelId: string): Promise<ModelView> {
    return this.read(`/models/${segment(modelId)}`, modelSchema);
  }

  /** One file of a package, as a stream. */
  async packageFile(modelId: string, file: string): Promise<ReadableStream<Uint8Array>> {
    const path = file.split('/').map(segment).join('/');
    const response = await this.send(`/models/${segment(modelId)}/package/${path}`, { accept: '*/*' });
    return streamOf(response);
  }

  /** The states of a run as they come; ends when the service ends the stream. */
  async *runEvents(runId: string): AsyncGenerator<RunView> {
    const response = await this.send(`/runs/${segment(runId)}/events`, { accept: 'text/event-stream' });
    for await (const { event, data } of parseServerSentEvents(streamOf(response))) {
      if (event === 'run') yield runSchema.parse(JSON.parse(data));
    }
  }

  /** Asks the API for one JSON document. @throws CliError when it is refused, or is of another shape */
  async read<T>(path: string, schema: z.ZodType<T>, options: RequestOptions = {}): Promise<T> {
    const response = await this.send(path, options);
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new CliError({
      code: 'strange-answer',
      message: `${this.url}/api${path} answered with something else than expected: ${z.prettifyError(parsed.error)}`,
      fix: 'The service and this command may be of different versions: stop the service and start it again.',
    });
  }

  /** Deletes what lies at a path. */
  async remove(path: string): Promise<void> {
    await this.send(path, { method: 'DELETE' });
  }

  private async send(path: string, options: RequestOptions): Promise<Response> {
    const { method = 'GET', json, multipart, accept = 'application/json' } = options;
    const headers: Record<string, string> = { accept };
    if (this.key !== null) headers.authorization = `Bearer ${this.key}`;
    if (json !== undefined) headers['content-type'] = 'application/json';
    if (multipart) headers['content-type'] = multipart.contentType;
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers,
      body: multipart?.body ?? (json === undefined ? undefined : JSON.stringify(json)),
      signal: options.signal ?? this.signal,
      ...(multipart ? { duplex: 'half' as const } : {}),
    }).catch((error: unknown) => {
      throw this.explain(error);
    });
    if (!response.ok) throw await this.refusal(response, path);
    return response;
  }

  private async refusal(response: Response, path: string): Promise<CliError> {
    const problem = problemSchema.safeParse(await response.json().catch(() => undefined));
    if (problem.success) return problemError(problem.data);
    return new CliError({
      code: `http-${response.status}`,
      message: `${this.url}/api${path} answered ${response.status}.`,
    });
  }

  /** fetch says "fetch failed" and hides why in the cause. */
  private explain(error: unknown): unknown {
    if (!(error instanceof Error) || error.name === 'AbortError' || this.signal?.aborted) return error;
    const { cause } = error;
    const why = cause instanceof Error ? cause.message : error.message;
    return new CliError({
      code: UNREACHABLE,
      message: `The Graft service at ${this.url} does not answer: ${why}`,
      fix: 'See whether it still runs; a run it was working on goes on when it is started again (graft resume).',
      cause: error,
    });
  }
}

const UNREACHABLE = 'service-unreachable';

/** Whether an error means that nobody answered, as opposed to an answer that says no. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof CliError && error.code === UNREACHABLE;

function streamOf(response: Response): ReadableStream<Uint8Array> {
  if (!response.body)
    throw new CliError({ code: 'strange-answer', message: `${response.url} answered without a body.` });
  return response.body as ReadableStream<Uint8Array>;
}
