import { useEffect, useMemo, useState } from 'react';
import {
  localStorageColorSchemeManager,
  MantineProvider,
  mergeThemeOverrides,
  Notification,
} from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createFormat } from '../lib/format';
import { read, remember } from '../lib/use-persisted';
import { LANGUAGES, loadTexts, SpeechContext, type Chosen, type Language } from '../texts/texts';
import { en } from '../texts/en';
import { ProblemError } from '../api/client';
import { router } from './router';
import { showProblem } from '../parts/show-problem';
import { theme, variables } from './theme';

const LANGUAGE_KEY = 'graft.language';
const colorScheme = localStorageColorSchemeManager({ key: 'graft.color-scheme' });

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // A "no" of the service is final; silence may pass.
      retry: (count, error) => !(error instanceof ProblemError && error.status !== 0) && count < 2,
    },
  },
  mutationCache: new MutationCache({ onError: showProblem }),
});

function preferredLanguage(): Language {
  const asked = new URLSearchParams(window.location.search).get('lang') ?? read(LANGUAGE_KEY);
  const wanted = asked ?? navigator.language.slice(0, 2);
  return LANGUAGES.find(({ id }) => id === wanted)?.id ?? 'en';
}

function useChosenSpeech(): Chosen | null {
  const [language, setLanguage] = useState(preferredLanguage);
  const [chosen, choose] = useState<Pick<Chosen, 'language' | 'spoken'> | null>(
    language === 'en' ? { language, spoken: en } : null,
  );
  useEffect(() => {
    let current = true;
    void loadTexts[language]().then((spoken) => {
      if (!current) return;
      document.documentElement.lang = language;
      choose({ language, spoken });
    });
    return () => {
      current = false;
    };
  }, [language]);
  return useMemo(
    () =>
      chosen && {
        ...chosen,
        f: createFormat(chosen.language),
        setLanguage: (next) => {
          remember(LANGUAGE_KEY, next);
          setLanguage(next);
        },
      },
    [chosen],
  );
}

/** The cross of a notification has a name in the language of the page. */
const themeIn = ({ spoken }: Chosen) =>
  mergeThemeOverrides(theme, {
    components: {
      Notification: Notification.extend({
        defaultProps: { closeButtonProps: { 'aria-label': spoken.image.pictures.close } },
      }),
    },
  });

export function App() {
  const speech = useChosenSpeech();
  const spokenTheme = useMemo(() => (speech ? themeIn(speech) : theme), [speech]);
  if (!speech) return null;
  return (
    <SpeechContext value={speech}>
      <MantineProvider
        theme={spokenTheme}
        cssVariablesResolver={variables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
      >
        <Notifications position="bottom-right" />
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </SpeechContext>
  );
}
