export const SNIPPETS = ['curl', 'python', 'javascript'] as const;
export type Snippet = (typeof SNIPPETS)[number];

/** Where a model is asked, and whether it asks for a key, which then is read from GRAFT_KEY. */
export interface AskedAt {
  readonly origin: string;
  readonly model: string;
  readonly modality: 'image' | 'text';
  readonly keysDemanded: boolean;
}

const lines = (...parts: readonly (string | false)[]): string =>
  parts.filter((part) => part !== false).join('\n');

/** What is sent: the bytes of a picture, or a text as JSON. */
interface Asked {
  readonly url: string;
  readonly key: boolean;
  readonly text: boolean;
}

const typeOf = ({ text }: Asked): string => (text ? 'application/json' : 'application/octet-stream');

const curl = (asked: Asked): string =>
  lines(
    asked.text ? `curl -d '{"text": "A lovely film"}' \\` : 'curl --data-binary @picture.jpg \\',
    `  -H 'content-type: ${typeOf(asked)}' \\`,
    asked.key && '  -H "authorization: Bearer $GRAFT_KEY" \\',
    `  ${asked.url}`,
  );

const python = (asked: Asked): string =>
  lines(
    'import json',
    asked.key && 'import os',
    'from urllib.request import Request, urlopen',
    '',
    `headers = {"content-type": "${typeOf(asked)}"}`,
    asked.key && 'headers["authorization"] = "Bearer " + os.environ["GRAFT_KEY"]',
    ...(asked.text
      ? [
          'content = json.dumps({"text": "A lovely film"}).encode()',
          `request = Request("${asked.url}", data=content, headers=headers)`,
        ]
      : [
          'with open("picture.jpg", "rb") as picture:',
          `    request = Request("${asked.url}", data=picture.read(), headers=headers)`,
        ]),
    'answer = json.load(urlopen(request))',
    'print(answer["predictions"][0]["label"])',
  );

const javascript = (asked: Asked): string =>
  lines(
    !asked.text && '// Node 20 or newer; in a browser take the File of an <input>.',
    !asked.text && "import { readFile } from 'node:fs/promises';",
    !asked.text && '',
    `const response = await fetch('${asked.url}', {`,
    "  method: 'POST',",
    '  headers: {',
    `    'content-type': '${typeOf(asked)}',`,
    asked.key && '    authorization: `Bearer ${process.env.GRAFT_KEY}`,',
    '  },',
    asked.text
      ? "  body: JSON.stringify({ text: 'A lovely film' }),"
      : "  body: await readFile('picture.jpg'),",
    '});',
    'const { predictions } = await response.json();',
    'console.log(predictions[0].label);',
  );

const WRITERS = { curl, python, javascript };

/** Code that asks a model what a picture shows or how a text is meant, ready to be run where the service can be reached. */
export function snippet(kind: Snippet, { origin, model, modality, keysDemanded }: AskedAt): string {
  const url = `${origin}/api/models/${model}/predict`;
  return WRITERS[kind]({ url, key: keysDemanded, text: modality === 'text' });
}
