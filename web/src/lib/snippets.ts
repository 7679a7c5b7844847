export const SNIPPETS = ['curl', 'python', 'javascript'] as const;
export type Snippet = (typeof SNIPPETS)[number];

/** Where a model is asked, and whether it asks for a key, which then is read from GRAFT_KEY. */
export interface AskedAt {
  readonly origin: string;
  readonly model: string;
  readonly keysDemanded: boolean;
}

const lines = (...parts: readonly (string | false)[]): string =>
  parts.filter((part) => part !== false).join('\n');

const curl = (url: string, key: boolean): string =>
  lines(
    'curl --data-binary @picture.jpg \\',
    "  -H 'content-type: application/octet-stream' \\",
    key && '  -H "authorization: Bearer $GRAFT_KEY" \\',
    `  ${url}`,
  );

const python = (url: string, key: boolean): string =>
  lines(
    'import json',
    key && 'import os',
    'from urllib.request import Request, urlopen',
    '',
    'headers = {"content-type": "application/octet-stream"}',
    key && 'headers["authorization"] = "Bearer " + os.environ["GRAFT_KEY"]',
    'with open("picture.jpg", "rb") as picture:',
    `    request = Request("${url}", data=picture.read(), headers=headers)`,
    'answer = json.load(urlopen(request))',
    'print(answer["predictions"][0]["label"])',
  );

const javascript = (url: string, key: boolean): string =>
  lines(
    '// Node 20 or newer; in a browser take the File of an <input>.',
    "import { readFile } from 'node:fs/promises';",
    '',
    `const response = await fetch('${url}', {`,
    "  method: 'POST',",
    '  headers: {',
    "    'content-type': 'application/octet-stream',",
    key && '    authorization: `Bearer ${process.env.GRAFT_KEY}`,',
    '  },',
    "  body: await readFile('picture.jpg'),",
    '});',
    'const { predictions } = await response.json();',
    'console.log(predictions[0].label);',
  );

const WRITERS = { curl, python, javascript };

/** Code that asks a model what a picture shows, ready to be run where the service can be reached. */
export function snippet(kind: Snippet, { origin, model, keysDemanded }: AskedAt): string {
  return WRITERS[kind](`${origin}/api/models/${model}/predict`, keysDemanded);
}
