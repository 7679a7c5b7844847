import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { childEnvironment } from '../../config/env.js';
import { projectRoot } from '../../config/version.js';
import { GraftError } from '../../runs/errors.js';
import type { SafetyMeasure } from '../../dataset/inspect/safety.js';
import type { ComputeTask, SafetyTask, TaskMap, ToChild, ToParent } from './protocol.js';

/** The compiled child: tests run from the sources, and Node cannot fork those. */
const CHILD = join(projectRoot(), 'dist', 'src', 'training', 'compute', 'child.js');

export interface ComputeOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, note?: string) => void;
}

/**
 * Runs heavy model work in a child process: native runtimes may crash or run out of memory without taking the service
 * along, and a cancelled task is simply killed.
 */
@Injectable()
export class ComputeHost {
  run<K extends keyof TaskMap>(
    task: TaskMap[K]['task'] & { kind: K },
    options: ComputeOptions,
  ): Promise<TaskMap[K]['result']> {
    const { child, letGo } = startChild(options.signal);
    return converse(child, task, options).finally(letGo) as Promise<TaskMap[K]['result']>;
  }

  /** A child that answers questions until it is closed; a failure fails all that are open and all that come. */
  openSafety(task: SafetyTask, options: ComputeOptions): SafetyLine {
    const { child, letGo } = startChild(options.signal);
    const ask = takeQuestions(child, task, options);
    return { ask, close: letGo };
  }
}

/** A child that is asked one question after the other. */
export interface SafetyLine {
  readonly ask: (pixels: Uint8Array) => Promise<SafetyMeasure>;
  readonly close: () => void;
}

function startChild(signal: AbortSignal): { child: ChildProcess; letGo: () => void } {
  signal.throwIfAborted();
  // execArgv must not be inherited: a debugger or a test runner's loader has no business in the child.
  const child = fork(CHILD, [], {
    execArgv: [],
    env: childEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const letGo = (): void => {
    signal.removeEventListener('abort', kill);
    kill();
  };
  return { child, letGo };
}

const send = (child: ChildProcess, message: ToChild, onError: (error: Error) => void): void =>
  void child.send(message, (error) => error && onError(error));

/** Tells of a child's end as an error a person can do something about. */
function onEnd(
  child: ChildProcess,
  kind: ComputeTask['kind'] | SafetyTask['kind'],
  { signal }: ComputeOptions,
  fail: (error: Error) => void,
): void {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
  child.on('error', fail);
  child.on('exit', (code, by) =>
    fail(signal.aborted ? (signal.reason as Error) : died(kind, code, by, complaint)),
  );
}

/** Who waits for an answer. */
interface Waiting {
  readonly resolve: (answer: SafetyMeasure) => void;
  readonly reject: (error: Error) => void;
}

function takeQuestions(child: ChildProcess, task: SafetyTask, options: ComputeOptions): SafetyLine['ask'] {
  const open = new Map<number, Waiting>();
  let failure: Error | null = null;
  let asked = 0;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of open.values()) reject(failure);
    open.clear();
  };
  child.on('message', (message: ToParent) => {
    if (message.type === 'progress') options.onProgress(message.done, message.total, message.note);
    if (message.type === 'error') fail(fromChild(message));
    if (message.type !== 'answer') return;
    open.get(message.id)?.resolve(message.answer);
    open.delete(message.id);
  });
  onEnd(child, task.kind, options, fail);
  send(child, task, fail);
  return (pixels) =>
    new Promise((resolve, reject) => {
      if (failure) return reject(failure);
      const id = asked++;
      open.set(id, { resolve, reject });
      send(child, { kind: 'question', id, pixels }, fail);
    });
}

function converse(child: ChildProcess, task: ComputeTask, options: ComputeOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: ToParent) => {
      if (message.type === 'progress') options.onProgress(message.done, message.total, message.note);
      else if (message.type === 'result') resolve(message.result);
      else if (message.type === 'error') reject(fromChild(message));
    });
    onEnd(child, task.kind, options, reject);
    send(child, task, reject);
  });
}

function fromChild(message: Extract<ToParent, { type: 'error' }>): Error {
  if (message.code === 'internal')
    return Object.assign(new Error(message.message), { stack: message.stack ?? undefined });
  return new GraftError({
    code: message.code,
    message: message.message,
    fix: message.fix ?? undefined,
    status: 422,
  });
}

function died(kind: string, code: number | null, signal: string | null, complaint: string): GraftError {
  const outOfMemory = signal === 'SIGKILL' || signal === 'SIGABRT';
  return new GraftError({
    code: 'compute-died',
    message: `The process for ${kind} died (${signal ?? `exit code ${code}`}). ${complaint.trim().slice(-500)}`,
    fix: outOfMemory
      ? 'It may have run out of memory: use less data or fewer backbones, then resume the run.'
      : 'Resume the run.',
    status: 500,
  });
}
