/** Directives that ask not to use a picture for indexing or for training; the same set as img2dataset's opt-out. */
const OPT_OUT: ReadonlySet<string> = new Set(['noai', 'noimageai', 'noindex', 'noimageindex', 'none']);

/** Directives written `name: value`, which must not be taken for the name of a robot. */
const VALUED: ReadonlySet<string> = new Set([
  'unavailable_after',
  'max-snippet',
  'max-image-preview',
  'max-video-preview',
]);

/** The opt-out in one header line that speaks to all robots or to this one; a robot's name holds to the end of its line. */
function optOutOfLine(line: string, agent: string): string | null {
  let addressed = true;
  for (const part of line.toLowerCase().split(',')) {
    const [first = '', ...rest] = part.split(':').map((word) => word.trim());
    const named = rest.length > 0 && !VALUED.has(first);
    if (named) addressed = first === agent || first === '*';
    const directive = named ? (rest[0] ?? '') : first;
    if (addressed && OPT_OUT.has(directive)) return directive;
  }
  return null;
}

/**
 * The directive of an X-Robots-Tag header by which a picture is not to be used, or `null`.
 * @param lines each occurrence of the header on its own, as `IncomingMessage.headersDistinct` gives them
 * @param agent lower-case product name of our User-Agent
 */
export function robotsTagOptOut(lines: readonly string[], agent: string): string | null {
  for (const line of lines) {
    const directive = optOutOfLine(line, agent);
    if (directive !== null) return directive;
  }
  return null;
}
