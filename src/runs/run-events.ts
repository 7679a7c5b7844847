import { Injectable, type MessageEvent } from '@nestjs/common';
import { concatMap, distinctUntilChanged, map, takeWhile, timer, type Observable } from 'rxjs';
import { isFinal } from './run.js';
import { RunsService } from './runs.service.js';

const LOOK_EVERY_MS = 300;

/**
 * Follows a run by looking at its records. The records are the one truth: a run may be worked on by another process, and
 * a watcher who comes late or comes back sees the same as one who was there from the start.
 */
@Injectable()
export class RunEvents {
  constructor(private readonly runs: RunsService) {}

  follow(runId: string): Observable<MessageEvent> {
    return timer(0, LOOK_EVERY_MS).pipe(
      concatMap(() => this.runs.view(runId)),
      map((run) => ({ run, text: JSON.stringify(run) })),
      distinctUntilChanged((before, after) => before.text === after.text),
      takeWhile(({ run }) => !isFinal(run.state), true),
      map(({ text }) => ({ type: 'run', data: text })),
    );
  }
}
