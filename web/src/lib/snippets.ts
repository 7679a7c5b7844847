export const SNIPPETS = ['curl', 'python', 'javascript'] as const;
export type Snippet = (typeof SNIPPETS)[number];

/** Code that asks a model what a picture shows, ready to be run where the service can be reached. */
export function snippet(kind: Snippet, origin: string, model: string): string {
  const url = `${origin}/api/models/${model}/predict`;
  switch (kind) {
    case 'curl':
      return `curl --data-binary @picture.jpg \\
  -H 'content-type: application/octet-stream' \\
  ${url}`;
    case 'python':
      return `import json
from urllib.request import Request, urlopen

with open("picture.jpg", "rb") as picture:
    request = Request(
        "${url}",
        data=picture.read(),
        headers={"content-type": "application/octet-stream"},
    )
answer = json.load(urlopen(request))
print(answer["predictions"][0]["label"])`;
    case 'javascript':
      return `// Node 20 or newer; in a browser take the File of an <input>.
import { readFile } from 'node:fs/promises';

const response = await fetch('${url}', {
  method: 'POST',
  headers: { 'content-type': 'application/octet-stream' },
  body: await readFile('picture.jpg'),
});
const { predictions } = await response.json();
console.log(predictions[0].label);`;
  }
}
