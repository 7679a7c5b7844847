import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { categoryKey } from '../dataset/split/check-categories.js';
import type { addTextsSchema, AddedTexts } from '../http/api/texts.js';
import type { z } from 'zod';
import { checkText, TextError } from '../../zoo/index.js';
import { ProjectsService } from '../projects/projects.service.js';
import { GraftError } from '../runs/errors.js';
import type { BlobStore } from '../storage/blob-store.js';
import { BLOBS } from '../storage/tokens.js';
import { TextsRepository, type NewText } from './texts.repository.js';

type Input = z.output<typeof addTextsSchema>;

/** Blobs written at a time: they share the disk's work. */
const WRITING = 16;

/** Own texts of a project: labelled ones become items like own pictures, unlabelled ones are kept for word vectors. */
@Injectable()
export class TextsService {
  constructor(
    private readonly projects: ProjectsService,
    private readonly repository: TextsRepository,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  /**
   * What is wrong with a labelled text is judged and counted by the run, as with pictures; a label that the project lacks is told here.
   * @throws GraftError when the project is about pictures
   */
  async add(projectId: string, { labelled, unlabelled }: Input): Promise<AddedTexts> {
    const { modality, categories } = await this.projects.view(projectId);
    if (modality !== 'text') throw notAboutTexts(projectId);
    const idOf = new Map(categories.map(({ id, name }) => [categoryKey(name), id]));
    const rejected: AddedTexts['rejected'] = [];
    const rows: { categoryId: string; fileName: string; text: string }[] = [];
    labelled.forEach(({ label, text, place }, at) => {
      const fileName = place ?? `text ${at + 1}`;
      const categoryId = idOf.get(categoryKey(label));
      if (categoryId) rows.push({ categoryId, fileName, text });
      else
        rejected.push({
          place: fileName,
          reason: 'unknown-label',
          detail: `The project has no label "${label.slice(0, 100)}"`,
        });
    });
    const limit = pLimit(WRITING);
    await this.repository.addLabelled(await Promise.all(rows.map((row) => limit(() => this.store(row)))));
    const usable = unlabelled.filter(isUsable);
    if (usable.length > 0) {
      const sha256 = await this.blobs.put(Buffer.from(JSON.stringify(usable)));
      await this.repository.addCorpus(projectId, sha256, usable.length);
    }
    return { labelled: rows.length, unlabelled: usable.length, rejected };
  }

  private async store(row: { categoryId: string; fileName: string; text: string }): Promise<NewText> {
    const bytes = Buffer.from(row.text);
    const { categoryId, fileName } = row;
    return { categoryId, fileName, sha256: await this.blobs.put(bytes), bytes: bytes.length };
  }
}

/** Unlabelled texts are many and nobody's in particular: what cannot be used is left out. */
function isUsable(text: string): boolean {
  try {
    checkText(text);
    return true;
  } catch (error) {
    if (error instanceof TextError) return false;
    throw error;
  }
}

const notAboutTexts = (projectId: string): GraftError =>
  new GraftError({
    code: 'not-about-texts',
    message: `The project ${projectId} is about pictures.`,
    fix: 'Create one with "modality": "text".',
    status: 409,
  });
