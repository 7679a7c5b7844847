import { Suspense } from 'react';
import {
  ActionIcon,
  AppShell,
  Group,
  Menu,
  Stack,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconApi, IconDeviceDesktop, IconLanguage, IconMoon, IconPlus, IconSun } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries';
import { LANGUAGES, ModalityContext, useSpeech } from '../texts/texts';
import { KeyForm } from '../parts/key-form';
import { PageWaiting } from '../parts/states';
import { NavigationList, NavigationTabs } from './navigation';
import { ProjectPicker } from './project-picker';
import { usePlace, type Place } from './place';

const NEXT_SCHEME = { light: 'dark', dark: 'auto', auto: 'light' } as const;

function SchemeButton() {
  const { t } = useSpeech();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop }[colorScheme];
  const label = t.shell.scheme[colorScheme];
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(NEXT_SCHEME[colorScheme])}
      >
        <Icon size={19} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function LanguageMenu() {
  const { t, language, setLanguage } = useSpeech();
  return (
    <Menu position="top-start">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.shell.language}>
          <IconLanguage size={19} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map(({ id, name }) => (
          <Menu.Item key={id} lang={id} aria-current={id === language} onClick={() => setLanguage(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ApiLink() {
  const { t } = useSpeech();
  return (
    <Tooltip label={t.shell.api}>
      <ActionIcon
        component="a"
        href="/api/docs"
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t.shell.api}
      >
        <IconApi size={19} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function Brand() {
  const { t } = useSpeech();
  return (
    <Link to="/" aria-label={t.shell.home} style={{ textDecoration: 'none', color: 'inherit' }}>
      <Group gap={10} wrap="nowrap">
        <img src="/favicon.svg" width={30} height={30} alt="" />
        <Text fw={700} fz={20} lts={-0.4}>
          Graft
        </Text>
      </Group>
    </Link>
  );
}

function NewButton() {
  const { t } = useSpeech();
  return (
    <ActionIcon
      variant="light"
      size="lg"
      aria-label={t.nav.start}
      renderRoot={(props) => <Link to="/" {...props} />}
    >
      <IconPlus size={19} aria-hidden />
    </ActionIcon>
  );
}

/** What stands around a page: navigation at the side, on a phone at the bottom. */
export function Shell() {
  const place = usePlace();
  return (
    <ModalityContext value={place.modality}>
      <Frame place={place} />
    </ModalityContext>
  );
}

function Frame({ place }: { place: Place }) {
  const { t } = useSpeech();
  const phone = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  return (
    <AppShell
      padding={phone ? 'md' : 'xl'}
      header={{ height: 56, collapsed: !phone }}
      footer={{ height: 60, collapsed: !phone }}
      navbar={{ width: 240, breakpoint: 'md', collapsed: { mobile: true } }}
    >
      <a href="#content" className="graft-skip">
        {t.shell.skip}
      </a>
      {phone ? (
        <AppShell.Header px="md">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Brand />
            <Group gap={4} wrap="nowrap">
              <SchemeButton />
              <LanguageMenu />
              <NewButton />
            </Group>
          </Group>
        </AppShell.Header>
      ) : (
        <AppShell.Navbar p="md" style={{ background: 'var(--graft-surface)' }}>
          <Stack h="100%" gap="lg">
            <Brand />
            <ProjectPicker projectId={place.projectId} />
            <NavigationList place={place} />
            <Group gap={4} mt="auto">
              <SchemeButton />
              <LanguageMenu />
              <ApiLink />
            </Group>
          </Stack>
        </AppShell.Navbar>
      )}
      <AppShell.Main id="content" tabIndex={-1}>
        <Door>
          <Suspense fallback={<PageWaiting />}>
            <Outlet />
          </Suspense>
        </Door>
      </AppShell.Main>
      {phone && (
        <AppShell.Footer>
          <NavigationTabs place={place} />
        </AppShell.Footer>
      )}
    </AppShell>
  );
}

/**
 * Whoever has to show a key first is asked for it once, in place of the page: parts of a page would each ask.
 * The page waits for that answer: begun earlier, its parts would show forms of their own, gone while somebody types into them.
 */
function Door({ children }: { children: React.ReactNode }) {
  const { data: session, isPending, failureCount } = useQuery(sessionQuery());
  if (isPending && failureCount === 0) return <PageWaiting />;
  if (!session?.keysDemanded || session.actor !== null) return children;
  return (
    <Stack pt="xl" px="md">
      <KeyForm />
    </Stack>
  );
}
