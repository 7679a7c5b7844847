/** The form in which names of categories are compared: 'Red_Fox' and 'red fox' are one. */
export const sameNameKey = (name: string): string =>
  name
    .normalize('NFC')
    .toLocaleLowerCase('en')
    .replace(/[\s_-]+/g, ' ')
    .trim();
