import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseServerSentEvents, type ServerSentEvent } from '../../../../src/cli/sse.js';

function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function parse(text: string, sizes: readonly number[] = []): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  for await (const event of parseServerSentEvents(ReadableStream.from(cut(Buffer.from(text), sizes))))
    events.push(event);
  return events;
}

describe('parseServerSentEvents', () => {
  test('reads names, data and the default name', async () => {
    expect(await parse('event: run\ndata: {"a":1}\n\ndata: x\n\n')).toEqual([
      { event: 'run', data: '{"a":1}' },
      { event: 'message', data: 'x' },
    ]);
  });

  test('joins the lines of data, keeps colons and all spaces but the first', async () => {
    expect(await parse('data: a: b\ndata:  c\ndata\ndata:d\n\n')).toEqual([
      { event: 'message', data: 'a: b\n c\n\nd' },
    ]);
  });

  test('ignores comments, unknown fields, ids and events without data', async () => {
    expect(await parse(': heartbeat\n\nevent: run\n\nid: 7\nretry: 10\nfoo: bar\ndata: x\n\n')).toEqual([
      { event: 'message', data: 'x' },
    ]);
  });

  test('an event that the end cuts off is not given out', async () => {
    expect(await parse('data: whole\n\ndata: half\n')).toEqual([{ event: 'message', data: 'whole' }]);
  });

  test('a byte order mark at the start is no part of the field name', async () => {
    expect(await parse('\uFEFFdata: x\n\n')).toEqual([{ event: 'message', data: 'x' }]);
  });

  test.each(['\n', '\r', '\r\n'])('lines may end with %j', async (end) => {
    expect(await parse(['event: run', 'data: x', '', ''].join(end))).toEqual([{ event: 'run', data: 'x' }]);
  });

  test('chunks may end anywhere: in a character, in a CRLF, in a field', async () => {
    const text =
      ': ping\r\n\r\nevent: run\r\ndata: {"name":"köttbullar 🍝"}\r\n\r\ndata: a\rdata: b\r\rdata: c\n\n';
    const whole = await parse(text);
    expect(whole).toEqual([
      { event: 'run', data: '{"name":"köttbullar 🍝"}' },
      { event: 'message', data: 'a\nb' },
      { event: 'message', data: 'c' },
    ]);
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 });
    const property = fc.asyncProperty(sizes, async (cuts) => {
      expect(await parse(text, cuts)).toEqual(whole);
    });
    await fc.assert(property);
  });
});
