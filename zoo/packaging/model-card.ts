import type { InputSpec } from '../preprocess/input-spec.js';
import { PACKAGE_FILES, type PackagedText, type PackageManifest } from './manifest.js';
import { takesText } from './package-input.js';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Some publishers give a word for a sentence. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `Trained on ${text}.`);

const score = ({ accuracy, interval, count }: PackageManifest['selected']['test']): string =>
  `${percent(accuracy)} (95 % interval ${percent(interval[0])} to ${percent(interval[1])}, ${count} pictures)`;

const params = (values: Record<string, number | string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || 'none';

const PILLOW_FILTERS = { cubic: 'BICUBIC', linear: 'BILINEAR', lanczos3: 'LANCZOS' } as const;

/** The same resizing with Pillow. */
function pillowResize({ width, height, resize, cropShare = 1, kernel }: InputSpec): string {
  const filter = `Image.${PILLOW_FILTERS[kernel]}`;
  if (resize === 'squish') return `image.resize((${width}, ${height}), ${filter})`;
  return `ImageOps.fit(image, (${width}, ${height}), ${filter}, bleed=${(1 - cropShare) / 2})`;
}

/** The learning curve's answer, then what the diagnosis found; nothing where neither was made. */
function outlook({ learningCurve, diagnosis = [] }: PackageManifest, things: string): string {
  if (!learningCurve) return '';
  const found = diagnosis.map(({ message, fix }) => `* ${message} ${fix}`);
  const clean = `* The diagnosis found nothing wrong with the ${things}, the backbone or the head.`;
  const lines = [`* ${learningCurve.text}`, ...(found.length > 0 ? found : [clean])];
  return `\n## What would make it better\n\n${lines.join('\n')}\n`;
}

/** The model card, README.md of a package: what the model is, how good, under which licences, how to use it. */
export function modelCard(manifest: PackageManifest): string {
  const { labels, selected, backbone, input, pictures, unknownBelow } = manifest;
  const things = takesText(input) ? 'texts' : 'pictures';
  return `# ${labels.join(', ')}

${takesText(input) ? 'A text' : 'An image'} classifier made by Graft ${manifest.graftVersion} on ${manifest.createdAt.slice(0, 10)}.

| | |
| --- | --- |
| test accuracy | ${score(selected.test)} |
| validation accuracy | ${score(selected.validation)} |
| backbone | ${backbone.title}, cut at \`${selected.tap}\` |
| head | ${selected.head} (${params(selected.params)}) |
| weights | ${selected.cost.totalParams} in all, ${selected.cost.trainableParams} of them trained here |
| data set | ${manifest.dataset ?? 'not kept'} |
| ${things} | ${labels.map((label) => `${label} ${pictures[label] ?? 0}`).join(', ')} |

The test ${things} were looked at once, after the choice. The test accuracy tells about ${things} like those it was made from; on
others it may be lower. The file itself always answers with one of its labels, also for something else${
    unknownBelow === null
      ? ''
      : `: below a
confidence of ${unknownBelow.toFixed(3)} take the answer as "unknown" (one in twenty right answers on held-out ${things} lay there)`
  }.
${outlook(manifest, things)}
## Licences

The weights of the trunk come from ${backbone.title} (${backbone.origin}), ${backbone.licence}. ${sentence(backbone.pretrainedOn)} The
${things} it was trained on keep their own licences; they are not in this package${takesText(input) ? '' : GOLDEN_NOTE}.

${takesText(input) ? useText(manifest, input) : usePicture(manifest, input)}`;
}

const GOLDEN_NOTE = `, but
for the golden pictures that \`${PACKAGE_FILES.golden}\` lists with their makers and licences`;

const resizing = ({ resize, width, height }: InputSpec): string =>
  resize === 'squish' ? `stretched to ${width} x ${height}` : `the centre, ${width} x ${height}`;

const usePicture = ({ labels }: PackageManifest, input: InputSpec): string => `## Use

\`${PACKAGE_FILES.model}\` takes \`image\`, uint8 [N, ${input.height}, ${input.width}, 3] RGB, and gives \`probabilities\`, float32
[N, ${labels.length}], in the order of \`${PACKAGE_FILES.labels}\`. A picture is turned upright (EXIF), put on white where it is
transparent, converted to sRGB, and ${resizing(input)} (${input.kernel} resampling, antialiased). Everything else is inside the file.

In this folder lie clients that do all of it: \`predict.mjs\` (Node), \`predict.py\` (Python), \`index.html\` (in the browser, after
\`npx graft package browser .\`) and \`predict.sh\` (curl, against a server). \`npx graft package verify .\` replays the golden pictures.

    npx graft predict --package . picture.jpg --heatmap heat
    npx graft serve --package . --port 8080
    curl --data-binary @picture.jpg -H 'content-type: application/octet-stream' http://127.0.0.1:8080/api/models/champion/predict

In Python, with onnxruntime, numpy and Pillow:

    import json, numpy, onnxruntime
    from PIL import Image, ImageOps
    image = ImageOps.exif_transpose(Image.open('picture.jpg')).convert('RGB')
    image = ${pillowResize(input)}
    session = onnxruntime.InferenceSession('${PACKAGE_FILES.model}')
    probabilities = session.run(None, {'image': numpy.asarray(image)[None]})[0][0]
    print(json.load(open('${PACKAGE_FILES.labels}'))[probabilities.argmax()], probabilities.max())
`;

const useText = ({ labels }: PackageManifest, { parts }: PackagedText): string => `## Use

\`${PACKAGE_FILES.model}\` takes \`tokens\`, int64 [N, tokens${parts === 1 ? '' : `, ${parts}`}], filled up with the padding number of \`${PACKAGE_FILES.preprocess}\`, and gives
\`probabilities\`, float32 [N, ${labels.length}], in the order of \`${PACKAGE_FILES.labels}\`. \`${PACKAGE_FILES.tokenizer}\` says which number a word or n-gram has.

In this folder lie clients that do all of it: \`predict.mjs\` (Node), \`predict.py\` (Python), \`index.html\` (in the browser, after
\`npx graft package browser .\`) and \`predict.sh\` (curl, against a server). \`npx graft package verify .\` replays the golden texts.

    npx graft predict --package . --text "a text"
    npx graft serve --package . --port 8080
    curl -d '{"text": "a text"}' -H 'content-type: application/json' http://127.0.0.1:8080/api/models/champion/predict
`;
