import { Fragment, type ReactNode } from 'react';
import { Progress, Stack, Text } from '@mantine/core';
import type { Prediction } from '../../api/client';
import { useSpeech } from '../../texts/texts';
import styles from './try.module.css';

interface PredictionViewProps {
  readonly prediction: Prediction;
  /** What a person may answer. */
  readonly children?: ReactNode;
}

/** What the model says, and how sure it is of each label. */
export function PredictionView({ prediction, children }: PredictionViewProps) {
  const { t, f } = useSpeech();
  const shares = Object.entries(prediction.probabilities).sort((a, b) => b[1] - a[1]);
  return (
    <Stack gap="md">
      <Text fz={22} fw={650}>
        {prediction.label}{' '}
        <Text span c="dimmed" fz={16} fw={400}>
          {t.try.sure(f.percent(prediction.confidence))}
        </Text>
      </Text>
      {prediction.unknown && (
        <Text size="sm" c="var(--graft-warn)">
          {t.try.perhaps}
        </Text>
      )}
      <dl className={styles.bars}>
        {shares.map(([label, share]) => (
          <Fragment key={label}>
            <dt>
              <Text size="sm" fw={label === prediction.label ? 600 : 400}>
                {label}
              </Text>
            </dt>
            <dd>
              <Progress
                value={100 * share}
                size="md"
                aria-hidden
                color={label === prediction.label ? 'leaf' : 'gray'}
              />
            </dd>
            <dd>
              <Text size="sm" ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
                {f.percent(share)}
              </Text>
            </dd>
          </Fragment>
        ))}
      </dl>
      {children}
    </Stack>
  );
}
