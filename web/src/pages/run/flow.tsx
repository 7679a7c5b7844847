import { Loader, Progress, Text } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { rateOf, timeLeftMs, type Step } from '../../lib/flow';
import { useSpeech, wordOf } from '../../texts/texts';
import styles from './flow.module.css';

/** The stages from top to bottom, as the pictures go through them. */
export function Flow({ runId, steps }: { runId: string; steps: readonly Step[] }) {
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <FlowStep key={step.stage} runId={runId} step={step} />
      ))}
    </ol>
  );
}

function FlowStep({ runId, step }: { runId: string; step: Step }) {
  const { t } = useSpeech();
  return (
    <li className={styles.step} data-state={step.state} data-stage={step.stage}>
      <span className={styles.mark}>
        <Mark step={step} />
      </span>
      <div style={{ minWidth: 0 }}>
        <div className={styles.head}>
          <Text fw={600} c={step.state === 'pending' ? 'dimmed' : undefined}>
            {t.stages[step.stage]}
            <span className="graft-visually-hidden">, {t.stepStates[step.state]}</span>
          </Text>
          <Numbers step={step} />
        </div>
        {step.state === 'pending' && (
          <Text size="xs" c="dimmed">
            {t.stageHints[step.stage]}
          </Text>
        )}
        {step.state === 'running' && <Working step={step} />}
        {step.note && (
          <Text size="xs" c="dimmed" mt={2} lineClamp={4} style={{ overflowWrap: 'anywhere' }}>
            {step.note}
          </Text>
        )}
        <Reasons runId={runId} step={step} />
      </div>
    </li>
  );
}

function Mark({ step }: { step: Step }) {
  if (step.state === 'running') return <Loader size={14} aria-hidden />;
  if (step.state === 'done') return <IconCheck size={17} stroke={2.6} aria-hidden />;
  if (step.state === 'failed') return <IconX size={17} stroke={2.6} aria-hidden />;
  return <IconMinus size={15} aria-hidden />;
}

function Numbers({ step }: { step: Step }) {
  const { t, f } = useSpeech();
  if (step.state === 'pending') return null;
  const { into, outOf, elapsedMs } = step;
  const through =
    into !== null && outOf !== null
      ? t.run.through(f.number(into), f.number(outOf))
      : outOf !== null
        ? t.run.found(outOf)
        : null;
  return (
    <Text size="sm" c="dimmed" className={styles.numbers}>
      {through}
      {through && elapsedMs > 0 ? ' · ' : ''}
      {elapsedMs > 0 ? f.duration(elapsedMs) : ''}
    </Text>
  );
}

function Working({ step }: { step: Step }) {
  const { t, f } = useSpeech();
  const rate = rateOf(step);
  const left = timeLeftMs(step);
  const known = step.total > 0;
  return (
    <div style={{ marginTop: 6 }}>
      <Progress
        value={known ? (100 * step.done) / step.total : 100}
        striped={!known}
        animated={!known}
        size="sm"
        aria-label={t.stages[step.stage]}
      />
      <Text size="xs" c="dimmed" mt={4} mih="1.5em" className={styles.numbers}>
        {[
          known ? t.run.doneOf(f.number(step.done), f.number(step.total)) : null,
          rate === null ? null : t.run.rate(f.number(Math.round(rate * 10) / 10)),
          left === null ? null : t.run.left(f.duration(left)),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </div>
  );
}

function Reasons({ runId, step }: { runId: string; step: Step }) {
  const { t, f } = useSpeech();
  if (step.dropped.length === 0) return null;
  return (
    <div className={styles.reasons}>
      {step.dropped.map(({ reason, pictures }) => (
        <Link
          key={reason}
          className={styles.reason}
          to="/runs/$runId/pictures"
          params={{ runId }}
          search={{ state: 'dropped', reason }}
        >
          {wordOf(t.reasons, reason)} <b>{f.number(pictures)}</b>
        </Link>
      ))}
    </div>
  );
}
