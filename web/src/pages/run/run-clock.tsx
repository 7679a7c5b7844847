import { useEffect, useState } from 'react';
import type { Run } from '../../api/client';
import { isOver } from '../../api/use-live-run';
import { useSpeech } from '../../texts/texts';

/** How long the run has been going, or when it ended and how long it took. */
export function RunClock({ run }: { run: Run }) {
  const { t, f } = useSpeech();
  const [now, setNow] = useState(() => Date.now());
  const over = isOver(run.state);
  useEffect(() => {
    if (over) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [over]);
  const worked = run.stages.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  if (over && run.finishedAt) return <span>{t.run.ended(f.when(run.finishedAt), f.duration(worked))}</span>;
  const since = Math.max(0, now - Date.parse(run.createdAt));
  return (
    <span role="timer" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {t.run.going(f.duration(Math.floor(since / 1000) * 1000))}
    </span>
  );
}
