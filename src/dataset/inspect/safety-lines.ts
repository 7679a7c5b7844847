import { Inject, Injectable } from '@nestjs/common';
import type { Env } from '../../config/env.js';
import type { StageContext } from '../../runs/stage.js';
import { ENV } from '../../storage/tokens.js';
import { ComputeHost, type SafetyLine } from '../../training/compute/compute-host.js';
import type { JudgeSafety } from './safety.js';

/** Opens children with the safety networks. */
@Injectable()
export class SafetyLines {
  constructor(
    private readonly compute: ComputeHost,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** One that is started when the first picture asks for it. */
  open(
    { signal, progress }: StageContext,
    counter: { readonly done: number; readonly total: number },
  ): { judge: JudgeSafety; close(): void } {
    let line: SafetyLine | null = null;
    const { cacheDir, threads } = this.env;
    const onProgress = (_done: number, _total: number, note?: string): void =>
      progress(counter.done, counter.total, note);
    return {
      judge: (pixels) => {
        line ??= this.compute.openSafety({ kind: 'safety', cacheDir, threads }, { signal, onProgress });
        return line.ask(pixels);
      },
      close: () => line?.close(),
    };
  }
}
