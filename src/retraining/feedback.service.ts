import { Inject, Injectable } from '@nestjs/common';
import { and, desc, eq } from 'drizzle-orm';
import { sniffImageMime } from '../../crawlers/index.js';
import { decodeText, takesText, TextError } from '../../zoo/index.js';
import { categoryKey } from '../dataset/split/check-categories.js';
import type { FeedbackInput, FeedbackView } from '../http/api/retraining.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { ProjectsService } from '../projects/projects.service.js';
import { GraftError, notFound } from '../runs/errors.js';
import { ModelsRepository } from '../serving/models.repository.js';
import type { BlobStore } from '../storage/blob-store.js';
import type { Database } from '../storage/database.js';
import { feedback } from '../storage/freshness-schema.js';
import { categories } from '../storage/schema.js';
import { BLOBS, CLOCK, DATABASE, type Clock } from '../storage/tokens.js';

export interface Picture {
  readonly bytes: Buffer;
}

type State = FeedbackView['state'];

/** "This was wrong: it is X". A correction waits until a person accepts it: whoever may predict may not teach. */
@Injectable()
export class FeedbackService {
  constructor(
    private readonly models: ModelsRepository,
    private readonly projects: ProjectsService,
    private readonly projectRows: ProjectsRepository,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Sending the same correction again changes nothing. @throws GraftError */
  async give(
    modelName: string,
    input: FeedbackInput,
    picture: Picture | null,
    actor: string,
  ): Promise<FeedbackView> {
    const model = await this.models.find(modelName);
    if (!model) throw notFound('model', modelName, 'GET /api/models lists them.');
    const category = await this.categoryOf(model.projectId, input.label);
    const sha256 = takesText(model.manifest.input)
      ? await this.storeText(input)
      : await this.storePicture(input, picture);
    const values = {
      projectId: model.projectId,
      modelId: model.id,
      sha256,
      categoryId: category.id,
      predicted: input.predicted ?? null,
      note: input.note ?? null,
      actor,
      createdAt: this.clock.now(),
    };
    await this.database.db.insert(feedback).values(values).onConflictDoNothing();
    const [view] = await this.select(
      and(
        eq(feedback.projectId, model.projectId),
        eq(feedback.sha256, sha256),
        eq(feedback.categoryId, category.id),
      ),
    );
    return view as FeedbackView;
  }

  async list(projectId: string, state: State | undefined): Promise<FeedbackView[]> {
    await this.projects.view(projectId);
    return this.select(and(eq(feedback.projectId, projectId), state ? eq(feedback.state, state) : undefined));
  }

  async find(id: string): Promise<FeedbackView> {
    const [view] = await this.select(eq(feedback.id, id));
    if (!view) throw notFound('feedback', id, 'GET /api/projects/{projectId}/feedback lists it.');
    return view;
  }

  async pictureOf(id: string): Promise<Buffer> {
    return this.blobs.get((await this.find(id)).sha256);
  }

  /** Accepted, the picture is an own picture of its category, which the next run takes. */
  async decide(id: string, state: 'accepted' | 'rejected'): Promise<FeedbackView> {
    const view = await this.find(id);
    if (view.state !== 'pending') throw alreadyDecided(view);
    const decided = await this.database.db
      .update(feedback)
      .set({ state, decidedAt: this.clock.now() })
      .where(and(eq(feedback.id, id), eq(feedback.state, 'pending')))
      .returning();
    const [row] = decided;
    if (row && state === 'accepted') {
      const { categoryId, sha256 } = row;
      const fileName = `feedback-${sha256.slice(0, 12)}`;
      await this.projectRows.addUpload({
        categoryId,
        sha256,
        fileName,
        bytes: (await this.blobs.get(sha256)).length,
      });
    }
    return this.find(id);
  }

  private async categoryOf(projectId: string, label: string): Promise<{ id: string }> {
    const category = await this.projectRows.findCategory(projectId, categoryKey(label));
    if (category) return category;
    const { categories: known } = await this.projects.view(projectId);
    const fix = `It has: ${known.map(({ name }) => name).join(', ')}.`;
    throw new GraftError({ code: 'unknown-category', message: `The project has no category ${label}.`, fix });
  }

  private async storePicture({ sha256 }: FeedbackInput, picture: Picture | null): Promise<string> {
    if (picture && sniffImageMime(picture.bytes) === null) throw notAPicture();
    if (picture) return this.blobs.put(picture.bytes);
    if (sha256 === undefined) throw noPicture();
    return this.stored(sha256, 'Send the picture itself, as the form field `picture`.');
  }

  private async storeText({ sha256, text }: FeedbackInput): Promise<string> {
    if (text === undefined && sha256 !== undefined)
      return this.stored(sha256, 'Send the text itself, as `text`.');
    try {
      const bytes = Buffer.from(text ?? '');
      decodeText(bytes);
      return await this.blobs.put(bytes);
    } catch (error) {
      if (error instanceof TextError) throw noText(error);
      throw error;
    }
  }

  private async stored(sha256: string, fix: string): Promise<string> {
    if (await this.blobs.has(sha256)) return sha256;
    throw notFound('stored picture or text', sha256, fix);
  }

  private async select(where: ReturnType<typeof and>): Promise<FeedbackView[]> {
    const rows = await this.database.db
      .select({ row: feedback, label: categories.name })
      .from(feedback)
      .innerJoin(categories, eq(categories.id, feedback.categoryId))
      .where(where)
      .orderBy(desc(feedback.createdAt))
      .limit(1000);
    return rows.map(({ row, label }) => ({
      id: row.id,
      projectId: row.projectId,
      modelId: row.modelId,
      sha256: row.sha256,
      label,
      predicted: row.predicted,
      note: row.note,
      state: row.state,
      actor: row.actor,
      createdAt: row.createdAt.toISOString(),
    }));
  }
}

const notAPicture = (): GraftError =>
  new GraftError({
    code: 'bad-picture',
    message: 'The file is no picture that Graft knows.',
    fix: 'Send a whole JPEG, PNG, WebP, GIF, TIFF or AVIF picture.',
    status: 422,
  });

const noText = ({ message }: TextError): GraftError =>
  new GraftError({
    code: 'bad-text',
    message: `The text of the correction cannot be used: ${message}.`,
    fix: 'Send {"text": "...", "label": "..."}, some words in UTF-8.',
    status: 422,
  });

const noPicture = (): GraftError =>
  new GraftError({
    code: 'no-picture',
    message: 'The correction names no picture.',
    fix: 'Send multipart/form-data with the file `picture`, or the sha256 of a picture that Graft has.',
  });

const alreadyDecided = ({ id, state }: FeedbackView): GraftError =>
  new GraftError({
    code: 'already-decided',
    message: `The correction ${id} was ${state} before.`,
    fix: 'To take an accepted picture out again, decide `drop` about it in the review.',
    status: 409,
  });
