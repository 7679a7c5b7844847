import { createContext, useContext } from 'react';
import { createFormat, type Format } from '../lib/format';
import { en, type Texts } from './en';

export type Language = 'en' | 'ja';
export const LANGUAGES: readonly { id: Language; name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'ja', name: '日本語' },
];

/** English is in the first bundle; every other language is a file that is fetched when it is chosen. */
export const loadTexts: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: () => Promise.resolve(en),
  ja: () => import('./ja').then(({ ja }) => ja),
};

export interface Speech {
  readonly language: Language;
  readonly t: Texts;
  readonly f: Format;
  readonly setLanguage: (language: Language) => void;
}

export const SpeechContext = createContext<Speech>({
  language: 'en',
  t: en,
  f: createFormat('en'),
  setLanguage: () => undefined,
});

/** The texts and number formats of the chosen language. */
export const useSpeech = (): Speech => useContext(SpeechContext);

/** A word of the service in the language of the page; one that has no translation yet is shown as it is. */
export const wordOf = (words: Readonly<Record<string, string>>, code: string): string =>
  words[code] ?? code.replaceAll('-', ' ');
