import { takesText, type PackageManifest } from '../../zoo/index.js';

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A page to try one packaged model in a browser: no script from elsewhere, nothing stored. */
export function tryPage(manifest: PackageManifest): string {
  const { labels, selected, input } = manifest;
  const isText = takesText(input);
  const [low, high] = selected.test.interval;
  const about =
    `${escape(selected.backbone)}, cut at ${escape(selected.tap.replaceAll('+', ' + '))}, ${escape(selected.head)} head. ` +
    `Test accuracy ${percent(selected.test.accuracy)} (${percent(low)} to ${percent(high)}, ${selected.test.count} ${isText ? 'texts' : 'pictures'}).`;
  const said = { labels: labels.map(escape).join(', '), about, ask: isText ? ASK_TEXT : ASK_PICTURE };
  // A function, for a label may hold what `replace` takes for a pattern.
  return PAGE.replace(/\{\{(labels|about|ask)\}\}/g, (_, name: keyof typeof said) => said[name]);
}

const ASK_PICTURE = `<label class="drop">Choose or drop a picture<br><input type="file" accept="image/*"></label>
<img hidden alt="The picture you chose">`;

const ASK_TEXT = `<form><label>A text<textarea required rows="4"></textarea></label><button>Ask the model</button></form>`;

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Graft: try the model</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
  label { display: block }
  .drop { border: 2px dashed #8888; border-radius: .75rem; padding: 2rem; text-align: center; cursor: pointer }
  .drop:focus-within { outline: 3px solid #47f }
  textarea { box-sizing: border-box; display: block; width: 100%; margin: .25rem 0 .75rem; padding: .75rem; font: inherit }
  button { font: inherit; padding: .4rem 1rem }
  img { display: block; max-width: 100%; max-height: 20rem; margin: 1rem auto; border-radius: .5rem }
  dl { display: grid; grid-template-columns: max-content 1fr max-content; gap: .25rem .75rem; align-items: center }
  dt, dd { margin: 0 } meter { width: 100% }
</style>
<h1>Which is it: {{labels}}?</h1>
<p>{{about}}</p>
{{ask}}
<p role="status"></p>
<dl></dl>
<script type="module" src="/try.js"></script>
`;

/** What the page runs: a file of its own, for the server lets no page run what is written into it. */
export const TRY_SCRIPT = `
const status = document.querySelector('[role=status]'), list = document.querySelector('dl'), image = document.querySelector('img');
const form = document.querySelector('form'), input = document.querySelector('input');
async function predict(body, type) {
  list.replaceChildren(); status.textContent = 'Looking ...';
  const response = await fetch('/api/models/champion/predict', { method: 'POST', body, headers: { 'content-type': type } });
  const answer = await response.json();
  if (!response.ok) { status.textContent = answer.detail + ' ' + (answer.fix ?? ''); return; }
  const [prediction] = answer.predictions;
  status.textContent = prediction.label + ' (' + (prediction.confidence * 100).toFixed(1) + ' %)';
  for (const [label, probability] of Object.entries(prediction.probabilities).sort((a, b) => b[1] - a[1])) {
    const dt = document.createElement('dt'), dd = document.createElement('dd'), number = document.createElement('dd'), meter = document.createElement('meter');
    dt.textContent = label; meter.value = probability; meter.textContent = probability.toFixed(3);
    number.textContent = (probability * 100).toFixed(1) + ' %'; dd.append(meter); list.append(dt, dd, number);
  }
}
function look(file) {
  image.src = URL.createObjectURL(file); image.hidden = false;
  void predict(file, 'application/octet-stream');
}
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  void predict(JSON.stringify({ text: form.querySelector('textarea').value }), 'application/json');
});
input?.addEventListener('change', (event) => event.target.files[0] && look(event.target.files[0]));
if (input) {
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => { event.preventDefault(); const [file] = event.dataTransfer.files; if (file) look(file); });
}
`;
