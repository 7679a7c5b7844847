import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { Report, Run } from '../../api/client';
import { storyQuery } from '../../api/queries';
import { aimOf } from '../../lib/curve';
import { Item } from '../../parts/item';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';
import styles from './evidence.module.css';

type Diagnosis = Report['diagnosis'][number];

/** What is wrong with the result, which half is to blame, and the way to what mends it. */
export function DiagnosisCard({ report, run }: { report: Report; run: Run }) {
  const { t } = useSpeech();
  return (
    <Surface title={t.diagnosis.title} hint={t.diagnosis.hint}>
      {report.diagnosis.length === 0 ? (
        <Group gap="xs" wrap="nowrap">
          <IconCircleCheck size={22} aria-hidden color="var(--graft-good)" style={{ flexShrink: 0 }} />
          <Text>{t.diagnosis.nothing}</Text>
        </Group>
      ) : (
        <Stack gap="lg">
          {report.diagnosis.map((one) => (
            <Finding key={`${one.code} ${one.categories.join()}`} diagnosis={one} report={report} run={run} />
          ))}
        </Stack>
      )}
    </Surface>
  );
}

function Finding({ diagnosis, report, run }: { diagnosis: Diagnosis; report: Report; run: Run }) {
  const { t } = useSpeech();
  const { code, blames, severity, message, fix, examples } = diagnosis;
  return (
    <article className={styles.finding} data-severity={severity} aria-label={t.diagnosis.codes[code]}>
      <Group gap="xs" mb={4}>
        <Text fw={650}>{t.diagnosis.codes[code]}</Text>
        <Badge
          variant="light"
          tt="none"
          color={severity === 'high' ? 'red' : 'yellow'}
          c="var(--mantine-color-text)"
        >
          {t.diagnosis.severities[severity]}
        </Badge>
        <Badge variant="outline" tt="none" color="gray" c="dimmed">
          {t.diagnosis.blames[blames]}
        </Badge>
      </Group>
      <Text size="sm">{message}</Text>
      {examples.length > 0 && (
        <ul className={styles.examples} aria-label={t.diagnosis.examples}>
          {examples.map((id) => (
            <li key={id}>
              <Example id={id} run={run} />
            </li>
          ))}
        </ul>
      )}
      <Text size="sm" mt="xs">
        <b>{t.diagnosis.fix}</b> {fix}
      </Text>
      <Button
        mt="xs"
        size="xs"
        variant="light"
        rightSection={<IconArrowRight size={15} aria-hidden />}
        renderRoot={(props) => <Link {...remedyOf(diagnosis, report, run)} {...props} />}
      >
        {t.diagnosis.remedies[code]}
      </Button>
    </article>
  );
}

/** Where a finding is mended. */
function remedyOf({ code, categories }: Diagnosis, { learningCurve }: Report, run: Run): LinkProps {
  const [truth, predicted] = categories;
  const of = { params: { runId: run.id } };
  switch (code) {
    case 'too-few-pictures':
    case 'unbalanced-pictures':
    case 'domain-gap': {
      const aim = (learningCurve && aimOf(learningCurve)) ?? undefined;
      return { to: '/', search: { project: run.projectId, aim } };
    }
    case 'confusable-categories':
      return {
        to: '/runs/$runId/leaderboard',
        ...of,
        search: { truth, predicted },
        hash: 'confusion',
      };
    case 'label-errors':
      return { to: '/runs/$runId/pictures', ...of, search: { doubt: 'any', sort: 'suspicion' } };
    case 'backbone-mismatch':
      return {
        to: '/projects/$projectId/models',
        params: { projectId: run.projectId },
        search: { tab: 'zoo' },
      };
    case 'head-overfit':
    case 'head-underfit':
      return { to: '/runs/$runId/leaderboard', ...of, search: { chart: 'heads' } };
  }
}

function Example({ id, run }: { id: string; run: Run }) {
  const { t } = useSpeech();
  const story = useQuery(storyQuery(id));
  const image = story.data?.image;
  return (
    <Link to="/runs/$runId/pictures" params={{ runId: run.id }} search={{ picture: id }}>
      <Item
        id={id}
        sha256={image?.sha256 ?? null}
        alt={t.groups.open(image?.title ?? image?.category ?? id)}
        size={96}
      />
    </Link>
  );
}
