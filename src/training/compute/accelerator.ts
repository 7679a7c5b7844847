import { existsSync } from 'node:fs';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { fastestProvider } from '../../../zoo/index.js';
import type { Env } from '../../config/env.js';
import { ENV } from '../../storage/tokens.js';
import { ComputeHost } from './compute-host.js';

/** Where a driver of a graphics card shows on Linux; elsewhere only trying tells. */
const DEVICES = ['/dev/nvidiactl', '/dev/dri', '/dev/dxg', '/dev/kfd'];

const mayHaveGpu = (): boolean => process.platform !== 'linux' || DEVICES.some((path) => existsSync(path));

/** Which execution provider the passes of pictures through backbones run on. */
@Injectable()
export class Accelerator {
  private readonly log = new Logger('Accelerator');
  private found: Promise<string> | null = null;

  constructor(
    private readonly compute: ComputeHost,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** The one that was asked for, or the fastest that computes rightly; found out once in a process. */
  provider(): Promise<string> {
    const { executionProvider } = this.env;
    if (executionProvider !== 'auto') return Promise.resolve(executionProvider);
    return (this.found ??= mayHaveGpu() ? this.probe() : Promise.resolve('cpu'));
  }

  /** In a process of its own: a driver that takes its process down must not take this one. */
  private async probe(): Promise<string> {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    try {
      const provider = fastestProvider(await this.compute.run({ kind: 'providers' }, options));
      if (provider !== 'cpu') this.log.log(`Features are computed on ${provider}`);
      return provider;
    } catch (error) {
      this.log.warn(`Features are computed on the CPU: looking for a GPU failed (${String(error)})`);
      return 'cpu';
    }
  }
}
