import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import { projectRoot } from '../../config/version.js';
import { GraftError } from '../../runs/errors.js';
import type {
  Ask,
  AskMap,
  ExplainAnswer,
  FromChild,
  InferenceSettings,
  PackageRef,
  PictureAnswer,
  ToChild,
} from './protocol.js';

/** The compiled child: tests run from the sources, and Node cannot fork those. */
const CHILD = join(projectRoot(), 'dist', 'src', 'serving', 'inference', 'child.js');

/** An ask whose child died is given to a new one this often. */
const MAX_RETRIES = 1;

interface Pending {
  readonly ask: Ask;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
  tries: number;
}

/**
 * Runs predictions in a child process. onnxruntime-node computes on the thread that calls it, so in the service's own process
 * it would hold up every other request; and a native crash takes only the child along: a new one is started, and what was
 * under way is asked again.
 */
export class InferenceHost implements OnApplicationShutdown {
  private child: ChildProcess | null = null;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private closed = false;

  private readonly settings: InferenceSettings;

  constructor({ threads, modelsInMemory }: InferenceSettings) {
    this.settings = { threads, modelsInMemory };
  }

  /** What becomes of each encoded picture, in their order. @throws GraftError when the package is damaged or the runtime dies */
  predict(from: PackageRef, pictures: readonly Uint8Array[]): Promise<PictureAnswer[]> {
    return this.ask({ kind: 'predict', from: bare(from), pictures });
  }

  /** Where a picture speaks for a label (the predicted one by default), as a grid and drawn over the picture. */
  explain(from: PackageRef, picture: Uint8Array, label: string | null): Promise<ExplainAnswer> {
    return this.ask({ kind: 'explain', from: bare(from), picture, label });
  }

  /** Opens a package, so that the first prediction does not wait for it. */
  async warm(from: PackageRef): Promise<void> {
    await this.ask({ kind: 'warm', from: bare(from), prove: false });
  }

  /** Opens a package and lets it predict its golden pictures. @throws GraftError when it does not predict what it should */
  async prove(from: PackageRef): Promise<void> {
    await this.ask({ kind: 'warm', from: bare(from), prove: true });
  }

  /** The process that computes, once it has been needed. */
  get processId(): number | null {
    return this.child?.pid ?? null;
  }

  async close(): Promise<void> {
    this.closed = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL'); // it holds nothing that could be lost
    });
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private ask<K extends keyof AskMap>(ask: AskMap[K]['ask'] & { kind: K }): Promise<AskMap[K]['answer']> {
    return new Promise((resolve, reject) => {
      this.send({ ask, resolve: resolve as (answer: unknown) => void, reject, tries: 0 });
    });
  }

  private send(pending: Pending): void {
    if (this.closed) return pending.reject(stopped());
    const id = this.nextId++;
    this.pending.set(id, pending);
    this.post({ type: 'ask', id, ask: pending.ask });
  }

  private post(message: ToChild): void {
    // A send that fails means that the child is gone, and 'exit' deals with that.
    (this.child ??= this.start()).send(message, () => undefined);
  }

  private start(): ChildProcess {
    // execArgv must not be inherited: a debugger or a test runner's loader has no business in the child.
    const child = fork(CHILD, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-500)));
    child.on('message', (message: FromChild) => this.receive(message));
    child.on('error', (error) => child.pid === undefined && this.died(child, error.message));
    child.once('exit', (code, signal) =>
      this.died(child, `${signal ?? `exit code ${code}`} ${complaint}`.trim()),
    );
    const settings: ToChild = { type: 'settings', settings: this.settings };
    child.send(settings, () => undefined);
    return child;
  }

  private receive(message: FromChild): void {
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.type === 'answer') pending?.resolve(message.answer);
    else if (message.expected) pending?.reject(modelUnusable(message.message));
    else pending?.reject(Object.assign(new Error(message.message), { stack: message.stack ?? undefined }));
  }

  /** What was under way goes to a new child once more: most likely another request's picture was the culprit. */
  private died(child: ChildProcess, how: string): void {
    if (this.child === child) this.child = null;
    const lost = [...this.pending.values()];
    this.pending.clear();
    for (const pending of lost) {
      pending.tries += 1;
      if (this.closed) pending.reject(stopped());
      else if (pending.tries > MAX_RETRIES) pending.reject(runtimeDied(how));
      else this.send(pending);
    }
  }
}

/** What is asked crosses to another process: no more of a model than it needs. */
const bare = ({ folder, digest }: PackageRef): PackageRef => ({ folder, digest });

const modelUnusable = (message: string): GraftError =>
  new GraftError({
    code: 'model-unusable',
    message: `The model cannot be used: ${message}`,
    fix: 'Choose another model, or build it again.',
    status: 409,
  });

const runtimeDied = (how: string): GraftError =>
  new GraftError({
    code: 'inference-died',
    message: `The process that computes predictions died twice over this request (${how}).`,
    fix: 'Try again with fewer or other pictures; a new process has been started.',
    status: 503,
  });

const stopped = (): GraftError =>
  new GraftError({
    code: 'stopping',
    message: 'The service is stopping.',
    fix: 'Try again when it is back.',
    status: 503,
  });
