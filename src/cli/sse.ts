/** One server-sent event. */
export interface ServerSentEvent {
  /** `message` when the server named none. */
  event: string;
  data: string;
}

/** Cuts a text that arrives in pieces into lines: CR, LF and CRLF end one, also when a CRLF is torn apart. */
function createLineSplitter(): (piece: string) => string[] {
  let rest = '';
  let endedWithCr = false;
  return (piece) => {
    if (piece === '') return [];
    const text = rest + (endedWithCr && piece.startsWith('\n') ? piece.slice(1) : piece);
    endedWithCr = piece.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    return lines;
  };
}

interface Draft {
  event: string;
  data: string[];
}

function applyLine(draft: Draft, line: string): void {
  const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
  if (field === 'event') draft.event = value ?? '';
  if (field === 'data') draft.data.push(value ?? '');
  // A line that starts with a colon is a comment (a heartbeat). `id` and `retry` mean nothing here: each event is a whole state.
}

/**
 * Reads a stream of bytes as server-sent events (WHATWG HTML, 9.2.6). Chunks may end anywhere, in the middle of a
 * character too. An event that the end of the stream cuts off is not given out.
 */
export async function* parseServerSentEvents(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder('utf-8');
  const splitLines = createLineSplitter();
  let draft: Draft = { event: '', data: [] };
  for await (const chunk of chunks) {
    for (const line of splitLines(decoder.decode(chunk, { stream: true }))) {
      if (line !== '') {
        applyLine(draft, line);
        continue;
      }
      if (draft.data.length > 0) yield { event: draft.event || 'message', data: draft.data.join('\n') };
      draft = { event: '', data: [] };
    }
  }
}
