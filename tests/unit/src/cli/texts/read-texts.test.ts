import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inParts } from '../../../../../src/cli/texts/begin-text-run.js';
import { planTexts } from '../../../../../src/cli/texts/plan-texts.js';
import { labelledFrom, unlabelledFrom } from '../../../../../src/cli/texts/text-files.js';
import { temporaryFolder } from '../../../../support/temporary-folder.js';

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  const whole = join(path, name);
  await writeFile(whole, content);
  return whole;
}

test('CSV: quotes, commas, newlines in cells, a byte order mark, other columns, any order of columns', async () => {
  const csv =
    '\uFEFFid,Text,label\r\n1,"good, ""really""\ngood",pos\r\n\r\n2,plain,neg\r\n3,,neg\r\n4,no label,\r\n';
  const { rows, leftOut } = await labelledFrom(await file('a.csv', csv));
  expect(rows.map(({ label, text }) => [label, text])).toEqual([
    ['pos', 'good, "really"\ngood'],
    ['neg', 'plain'],
  ]);
  expect(leftOut).toEqual(['line 6 (no text)', 'line 7 (no label)']);
});

test.each([
  ['a.csv', 'category,words\na,b\n', /lacks label and text/],
  ['a.csv', 'label,text\npos,"not closed\n', /cannot be read as CSV/],
  ['a.csv', '', /no labelled text/],
  ['a.csv', 'label,text\n', /no labelled text/],
  [
    'a.csv',
    Buffer.from([...Buffer.from('label,text\npos,good\npos,'), 0xff, 0xfe]),
    /not UTF-8 \(first in line 3\)/,
  ],
])('%s that cannot be used is a clear error (%#)', async (name, content, message) => {
  await expect(labelledFrom(await file(name, content))).rejects.toThrow(message);
});

test('a file that is not there is a clear error', async () => {
  await expect(labelledFrom('/no/such/file.csv')).rejects.toThrow(/does not exist/);
});

test('JSON lines: a line that is none is left out', async () => {
  const lines =
    '{"label": "pos", "text": "good"}\nnonsense\n{"label": 1, "text": "numbers are labels too"}\n{"text": "x"}\n';
  const { rows, leftOut } = await labelledFrom(await file('a.jsonl', lines));
  expect(rows.map(({ label }) => label)).toEqual(['pos', '1']);
  expect(leftOut).toEqual(['line 2 (no JSON)', 'line 4 (no label)']);
});

test('a folder: one folder of .txt files a label', async () => {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  for (const label of ['neg', 'pos']) await mkdir(join(path, label));
  await writeFile(join(path, 'pos', '1.txt'), 'good\n');
  await writeFile(join(path, 'pos', '2.doc'), 'x');
  await writeFile(join(path, 'neg', '1.txt'), Buffer.from([0xff]));
  await writeFile(join(path, 'neg', '2.txt'), '  ');
  const { rows, leftOut } = await labelledFrom(path);
  expect(rows).toEqual([{ label: 'pos', text: 'good', place: 'pos/1.txt' }]);
  expect(leftOut).toEqual(['neg/1.txt (not UTF-8)', 'neg/2.txt (empty)', 'pos/2.doc (not a .txt file)']);
});

test('unlabelled: one a line, or a column of a CSV file', async () => {
  expect((await unlabelledFrom(await file('a.txt', 'one\r\n\ntwo \n'))).rows).toEqual(['one', 'two']);
  expect((await unlabelledFrom(await file('a.csv', 'id,text\n1,"a\nb"\n'))).rows).toEqual(['a\nb']);
});

const rows = (counts: Record<string, number>): string =>
  `label,text\n${Object.entries(counts)
    .flatMap(([label, count]) => Array.from({ length: count }, (_, i) => `${label},text ${i} of ${label}`))
    .join('\n')}\n`;

test('one label, a label with one example, options for pictures: clear errors before anything begins', async () => {
  const plan = async (counts: Record<string, number>, more = {}) =>
    planTexts([], { from: await file('a.csv', rows(counts)), ...more });
  await expect(plan({ pos: 9 })).rejects.toThrow(/one label only: pos/);
  await expect(plan({ pos: 9, neg: 1 })).rejects.toThrow(/neg has 1\. At least 5/);
  await expect(plan({ pos: 9, neg: 9 }, { provider: ['openverse'] })).rejects.toThrow(
    /--provider cannot be used/,
  );
  await expect(planTexts(['cat'], {})).rejects.toThrow(/the category cat cannot be used/);
  await expect(planTexts([], {})).rejects.toThrow(/needs labelled ones/);
  const { categories, settings } = await plan({ pos: 5, neg: 6 }, { seed: 3 });
  expect(categories).toEqual(['pos', 'neg']);
  expect([settings.modality, settings.seed]).toEqual(['text', 3]);
});

test('requests are cut by their number of rows and of characters', () => {
  expect(
    inParts(
      Array.from({ length: 12_000 }, () => 'x'),
      (row) => row.length,
    ).map((part) => part.length),
  ).toEqual([5000, 5000, 2000]);
  const long = Array.from({ length: 5 }, () => 'x'.repeat(400_000));
  expect(inParts(long, (row) => row.length).map((part) => part.length)).toEqual([2, 2, 1]);
});
