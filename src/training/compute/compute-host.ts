import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { projectRoot } from '../../config/version.js';
import { GraftError } from '../../runs/errors.js';
import type { ComputeTask, TaskMap, ToParent } from './protocol.js';

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
    options.signal.throwIfAborted();
    // execArgv must not be inherited: a debugger or a test runner's loader has no business in the child.
    const child = fork(CHILD, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const kill = (): void => void child.kill('SIGKILL');
    options.signal.addEventListener('abort', kill, { once: true });
    return converse(child, task, options).finally(() => {
      options.signal.removeEventListener('abort', kill);
      kill();
    }) as Promise<TaskMap[K]['result']>;
  }
}

function converse(child: ChildProcess, task: ComputeTask, options: ComputeOptions): Promise<unknown> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
  return new Promise((resolve, reject) => {
    child.on('message', (message: ToParent) => {
      if (message.type === 'progress') options.onProgress(message.done, message.total, message.note);
      else if (message.type === 'result') resolve(message.result);
      else reject(fromChild(message));
    });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      reject(options.signal.aborted ? (options.signal.reason as Error) : died(task, code, signal, complaint)),
    );
    child.send(task, (error) => error && reject(error));
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

function died(task: ComputeTask, code: number | null, signal: string | null, complaint: string): GraftError {
  const outOfMemory = signal === 'SIGKILL' || signal === 'SIGABRT';
  return new GraftError({
    code: 'compute-died',
    message: `The process for ${task.kind} died (${signal ?? `exit code ${code}`}). ${complaint.trim().slice(-500)}`,
    fix: outOfMemory
      ? 'It may have run out of memory: use fewer pictures or fewer backbones, then resume the run.'
      : 'Resume the run.',
    status: 500,
  });
}
