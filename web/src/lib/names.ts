/** Category names out of what a person types or pastes: commas, semicolons and lines part them, and one name counts once. */
export function parseNames(text: string): string[] {
  return text
    .split(/[,;\n\r\t、，]+/)
    .map(tidy)
    .filter((name) => name !== '');
}

const tidy = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ');

/** The same rule as the service: case, spaces and Unicode form do not make two categories of one. */
const keyOf = (name: string): string => tidy(name).toLowerCase();

/** Names and more names, without those that are there already. */
export function addNames(names: readonly string[], more: readonly string[]): string[] {
  const known = new Set(names.map(keyOf));
  const fresh = more.filter((name) => {
    const key = keyOf(name);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
  return [...names, ...fresh];
}
