import { Inject, Injectable, Logger } from '@nestjs/common';
import { contentDigest } from '../../zoo/index.js';
import { CLOCK, type Clock } from '../storage/tokens.js';
import { InferenceHost } from './inference/inference-host.js';
import type { ModelRow } from './models.repository.js';
import { PackageFolders } from './package-folders.js';
import type { ServedModel } from './predictor.js';

/** A model that could not be opened is tried again after this. */
const RETRY_MS = 30_000;

/**
 * Models, ready to answer. An alias that has moved goes on being answered by the model before until the new one is open in this
 * process and has predicted its golden pictures: so nobody waits for a swap, and a broken package answers nobody.
 */
@Injectable()
export class ServedModels {
  private readonly log = new Logger('Models');
  /** Digests of the models that have proven themselves here. */
  private readonly proven = new Set<string>();
  /** Which model answers for an alias at present. */
  private readonly answering = new Map<string, ModelRow>();
  private readonly preparing = new Map<string, Promise<void>>();
  private readonly triedAtMs = new Map<string, number>();

  constructor(
    private readonly host: InferenceHost,
    private readonly folders: PackageFolders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A model and where its package lies on this machine. */
  async of({ id, version, runId, folder, manifest }: ModelRow): Promise<ServedModel> {
    const place = await this.folders.of({ runId, folder });
    return { id, version, folder: place, digest: contentDigest(manifest), manifest };
  }

  /** Opens a model and lets it predict its golden pictures; once a process. @throws GraftError 409 when it is no good */
  async prove(model: ModelRow): Promise<void> {
    const digest = contentDigest(model.manifest);
    if (this.proven.has(digest)) return;
    await this.host.prove(await this.of(model));
    this.proven.add(digest);
  }

  /** What answers for an alias that names `model` now. */
  forAlias(alias: string, model: ModelRow): ModelRow {
    const before = this.answering.get(alias);
    if (before && before.id !== model.id && !this.proven.has(contentDigest(model.manifest))) {
      this.prepare(model);
      return before;
    }
    this.answering.set(alias, model);
    return model;
  }

  /** Resolves when no model is being made ready any more. */
  async settled(): Promise<void> {
    await Promise.all(this.preparing.values());
  }

  private prepare(model: ModelRow): void {
    const nowMs = this.clock.now().getTime();
    const triedAtMs = this.triedAtMs.get(model.id);
    if (this.preparing.has(model.id) || (triedAtMs !== undefined && nowMs - triedAtMs < RETRY_MS)) return;
    this.triedAtMs.set(model.id, nowMs);
    const done = this.prove(model)
      .then(() => void this.triedAtMs.delete(model.id))
      .catch((error: unknown) => this.log.error(`${notReady(model)} ${(error as Error).message}`))
      .finally(() => this.preparing.delete(model.id));
    this.preparing.set(model.id, done);
  }
}

const notReady = ({ id, version }: ModelRow): string =>
  `The model ${id} (version ${version}) is named by an alias but cannot answer; the model before goes on answering.`;
