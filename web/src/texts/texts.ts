import { createContext, useContext } from 'react';
import type { Modality } from '../api/client';
import { createFormat, type Format } from '../lib/format';
import { en, type Texts } from './en';

export type Language = 'en' | 'ja';
export const LANGUAGES: readonly { id: Language; name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'ja', name: '日本語' },
];

/** One language: what pages about pictures say, and what pages about texts do. */
export type Spoken = Readonly<Record<Modality, Texts>>;

/** English is in the first bundle; every other language is a file that is fetched when it is chosen. */
export const loadTexts: Readonly<Record<Language, () => Promise<Spoken>>> = {
  en: () => Promise.resolve(en),
  ja: () => import('./ja').then(({ ja }) => ja),
};

export interface Chosen {
  readonly language: Language;
  readonly spoken: Spoken;
  readonly f: Format;
  readonly setLanguage: (language: Language) => void;
}

export interface Speech extends Chosen {
  /** Of the chosen language, for what the page is about. */
  readonly t: Texts;
}

export const SpeechContext = createContext<Chosen>({
  language: 'en',
  spoken: en,
  f: createFormat('en'),
  setLanguage: () => undefined,
});

/** What the model, run or project of a page is about. */
export const ModalityContext = createContext<Modality>('image');

export const useModality = (): Modality => useContext(ModalityContext);

/** The texts and number formats of the chosen language, for what the page is about. */
export function useSpeech(): Speech {
  const chosen = useContext(SpeechContext);
  return { ...chosen, t: chosen.spoken[useModality()] };
}

/** A word of the service in the language of the page; one that has no translation yet is shown as it is. */
export const wordOf = (words: Readonly<Record<string, string>>, code: string): string =>
  words[code] ?? code.replaceAll('-', ' ');
