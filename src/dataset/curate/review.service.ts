import { Injectable } from '@nestjs/common';
import type { DecisionInput, DecisionView, Review } from '../../http/api.js';
import { ProjectsService } from '../../projects/projects.service.js';
import { GraftError, notFound } from '../../runs/errors.js';
import { ImageList } from '../../runs/image-list.js';
import { RunsService } from '../../runs/runs.service.js';
import { categoryKey } from '../split/check-categories.js';
import type { Decision } from './apply-decisions.js';
import { CurateRepository } from './curate.repository.js';

type Categories = readonly { id: string; name: string }[];

/** What persons should look at, and what they decide. */
@Injectable()
export class ReviewService {
  constructor(
    private readonly repository: CurateRepository,
    private readonly projects: ProjectsService,
    private readonly runs: RunsService,
    private readonly images: ImageList,
  ) {}

  async review(runId: string, page: { offset: number; limit: number }): Promise<Review> {
    const { projectId } = await this.runs.get(runId);
    const report = await this.repository.reportOf(runId);
    const doubted = await this.images.doubted(runId, page);
    return { ...doubted, projectId, wrongQueries: report?.wrongQueries ?? [] };
  }

  /** Keeps decisions for all later runs of the project. All of them or none. */
  async decide(projectId: string, inputs: readonly DecisionInput[]): Promise<DecisionView[]> {
    const { categories } = await this.projects.view(projectId);
    const decisions = inputs.map((input) => toDecision(input, categories));
    for (const { sha256 } of decisions)
      if (!(await this.repository.knows(projectId, sha256))) throw unknownPicture(sha256);
    await this.repository.decide(projectId, decisions);
    return this.list(projectId);
  }

  async list(projectId: string): Promise<DecisionView[]> {
    const { categories } = await this.projects.view(projectId);
    const names = new Map(categories.map(({ id, name }) => [id, name]));
    const all = [...(await this.repository.decisionsOf(projectId)).values()];
    return all
      .map(({ sha256, action, categoryId }) => ({
        sha256,
        action,
        category: categoryId === null ? null : (names.get(categoryId) ?? null),
      }))
      .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  }

  async forget(projectId: string, sha256: string): Promise<void> {
    await this.projects.view(projectId);
    if (!(await this.repository.forget(projectId, sha256)))
      throw notFound('decision about', sha256, 'GET /api/projects/{projectId}/decisions lists them.');
  }
}

/** @throws GraftError when the category is missing or unknown */
function toDecision({ sha256, action, category }: DecisionInput, categories: Categories): Decision {
  if (action === 'drop') return { sha256, action, categoryId: null };
  const found = category === undefined ? undefined : findCategory(category, categories);
  if (action === 'move' && !found) throw noCategory(category, categories);
  if (category !== undefined && !found) throw noCategory(category, categories);
  return { sha256, action, categoryId: found?.id ?? null };
}

const findCategory = (name: string, categories: Categories): Categories[number] | undefined =>
  categories.find((category) => categoryKey(category.name) === categoryKey(name));

const noCategory = (name: string | undefined, categories: Categories): GraftError =>
  new GraftError({
    code: 'unknown-category',
    message:
      name === undefined ? 'A move needs the category to move to.' : `The project has no category ${name}.`,
    fix: `It has: ${categories.map((category) => category.name).join(', ')}.`,
  });

const unknownPicture = (sha256: string): GraftError =>
  new GraftError({
    code: 'unknown-picture',
    message: `No run of this project has met the picture ${sha256}.`,
    fix: 'GET /api/runs/{runId}/review lists the pictures to decide about, each with its sha256.',
    status: 404,
  });
