import type { ReactNode } from 'react';
import { Alert, Button, Center, Loader, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconCompass, IconPlugConnectedX, type Icon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { isUnreachable, ProblemError } from '../api/client';
import { useSpeech } from '../texts/texts';
import { KeyForm } from './key-form';

interface EmptyProps {
  readonly icon: Icon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing here, why, and what to do. */
export function Empty({ icon: Mark, title, children, action }: EmptyProps) {
  return (
    <Center py={56} px="md">
      <Stack align="center" gap="sm" maw={440} ta="center">
        <ThemeIcon size={56} radius="xl" variant="light" aria-hidden>
          <Mark size={28} />
        </ThemeIcon>
        <Title order={2} fz="lg">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** What is shown when something cannot be had: what, why, what to do, and once more. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useSpeech();
  const fix = error instanceof ProblemError ? error.fix : null;
  const away = isUnreachable(error);
  if (error instanceof ProblemError && error.status === 401) return <KeyForm />;
  return (
    <Alert
      color="red"
      variant="light"
      icon={away ? <IconPlugConnectedX aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={away ? t.states.unreachable : (error as Error).message}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{away ? t.states.unreachableFix : (fix ?? t.states.failed)}</Text>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t.states.again}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

export const PageFailure = Failure;

export function PageWaiting() {
  const { t } = useSpeech();
  return (
    <Center mih={360} role="status" aria-label={t.states.loading}>
      <Loader type="dots" />
    </Center>
  );
}

export function NotFound() {
  const { t } = useSpeech();
  return (
    <Empty
      icon={IconCompass}
      title={t.states.notFound}
      action={<Button renderRoot={(props) => <Link to="/" {...props} />}>{t.states.toStart}</Button>}
    >
      {t.states.notFoundText}
    </Empty>
  );
}
