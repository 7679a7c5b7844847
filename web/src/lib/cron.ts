/** A cron expression in plain words; null when it is none. The library comes with the page that needs it. */
export async function cronInWords(cron: string, language: 'en' | 'ja'): Promise<string | null> {
  const { default: cronstrue } = await import('cronstrue/i18n');
  try {
    return cronstrue.toString(cron, { locale: language, use24HourTimeFormat: true });
  } catch {
    return null;
  }
}
