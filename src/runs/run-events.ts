import { Injectable, type MessageEvent } from '@nestjs/common';
import { concatMap, distinctUntilChanged, map, takeWhile, timer, type Observable } from 'rxjs';
import { isFinal } from './run.js';
import { RunsService } from './runs.service.js';

const LOOK_EVERY_MS = 300;
/** Proxies cut what is silent, and a watcher cannot tell a long stage from a dead service: the state is said again about every 15 s. */
const LOOKS_A_BEAT = 50;

/**
 * Follows a run by looking at its records. The records are the one truth: a run may be worked on by another process, and
 * a watcher who comes late or comes back sees the same as one who was there from the start.
 */
@Injectable()
export class RunEvents {
  constructor(private readonly runs: RunsService) {}

  follow(runId: string): Observable<MessageEvent> {
    return timer(0, LOOK_EVERY_MS).pipe(
      concatMap(async (look) => ({
        run: await this.runs.view(runId),
        beat: Math.floor(look / LOOKS_A_BEAT),
      })),
      map(({ run, beat }) => ({ run, beat, text: JSON.stringify(run) })),
      distinctUntilChanged((before, after) => before.text === after.text && before.beat === after.beat),
      takeWhile(({ run }) => !isFinal(run.state), true),
      map(({ text }) => ({ type: 'run', data: text })),
    );
  }
}
