// Turns texts into the numbers that the model of this folder reads: `tokenizer.json` says which. Needs nothing but JavaScript, in Node
// or in a browser; gives what Graft itself gives.

const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー々';
const PLAIN = `(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`;
const WORD = new RegExp(
  `[${UNSPACED}][${UNSPACED}\\p{M}]*|${PLAIN}(?:['’]${PLAIN})*|\\p{Extended_Pictographic}|[!?]`,
  'gu',
);
const STARTS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');

/** The words of a text in any language; scripts without spaces are cut by the dictionaries of this JavaScript. */
export function wordsOf(text) {
  const plain = text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
  const segmenter = new Intl.Segmenter('und', { granularity: 'word' });
  return [...plain.matchAll(WORD)].flatMap(([token]) =>
    STARTS_UNSPACED.test(token) ? Array.from(segmenter.segment(token), ({ segment }) => segment) : [token],
  );
}

const runsOf = (items, shortest, longest) =>
  items.flatMap((_, start) =>
    Array.from({ length: Math.max(0, Math.min(longest, items.length - start) - shortest + 1) }, (_, i) =>
      items.slice(start, start + shortest + i),
    ),
  );

function wordTokenizer({ words, subwords }, { parts, padding, maxTokens }) {
  const numberOf = new Map(words.map((word, i) => [word, i + 1]));
  const ngramOf = new Map(subwords?.ngrams.map((ngram, i) => [ngram, words.length + i + 1]));
  const unknown = (word) => {
    if (!subwords) return [];
    const marked = Array.from(`<${word}>`);
    const ngrams = runsOf(marked, subwords.shortest, subwords.longest).filter(
      (run) => run.length < marked.length,
    );
    const distinct = new Set(ngrams.map((run) => run.join('')));
    return [...distinct].flatMap((ngram) => ngramOf.get(ngram) ?? []).slice(0, parts);
  };
  return (text) =>
    wordsOf(text)
      .map((word) => (numberOf.has(word) ? [numberOf.get(word)] : unknown(word)))
      .filter((numbers) => numbers.length > 0)
      .slice(0, maxTokens)
      .flatMap((numbers) => Array.from({ length: parts }, (_, part) => numbers[part] ?? padding));
}

/** FNV-1a, 32 bits, over UTF-8. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

function ngramTokenizer({ words, characters, sizes }, { maxTokens }) {
  const wordOf = new Map(words.map((value, i) => [value, i + 1]));
  const characterOf = new Map(characters.map((value, i) => [value, words.length + i + 1]));
  return (text) => {
    const found = wordsOf(text);
    const runs = runsOf(found, 1, sizes.words).map((run) => wordOf.get(hash(`w:${run.join(' ')}`)));
    const pieces = found.flatMap((word) =>
      runsOf(Array.from(` ${word} `), sizes.shortest, sizes.longest).map((run) =>
        characterOf.get(hash(`c:${run.join('')}`)),
      ),
    );
    return [...runs, ...pieces].filter((number) => number !== undefined).slice(0, maxTokens);
  };
}

const BAD = /\0|\ufffd|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu;
const CJK = /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2fa1f}]/gu;
const BERT_PIECES = /[\p{P}!-/:-@[-`{-~]|[^\s\p{P}!-/:-@[-`{-~]+/gu;

/** One step of the normaliser of a published tokenizer. */
function normalise(text, step) {
  const { type, lowercase = true } = step;
  if (type === 'BertNormalizer') {
    let out = text;
    if (step.clean_text ?? true) out = out.replaceAll(BAD, '').replaceAll(/\s/gu, ' ');
    if (step.handle_chinese_chars ?? true) out = out.replaceAll(CJK, ' $& ');
    if (step.strip_accents ?? lowercase) out = out.normalize('NFD').replaceAll(/\p{Mn}/gu, '');
    return lowercase ? out.toLowerCase() : out;
  }
  if (type === 'Lowercase') return text.toLowerCase();
  if (type === 'StripAccents') return text.replaceAll(/\p{Mn}/gu, '');
  if (type === 'Precompiled') return text.normalize('NFKC').replaceAll(/\s/gu, ' ').replaceAll(BAD, '');
  if (type === 'Prepend') return step.prepend + text;
  if (type === 'Replace')
    return text.replaceAll(step.pattern.String ?? new RegExp(step.pattern.Regex, 'gu'), step.content);
  if (type === 'Strip') {
    const left = (step.strip_left ?? true) ? text.trimStart() : text;
    return (step.strip_right ?? true) ? left.trimEnd() : left;
  }
  return text.normalize(type);
}

function split(pieces, step) {
  if (step.type !== 'Metaspace') {
    const piece = {
      BertPreTokenizer: BERT_PIECES,
      WhitespaceSplit: /\S+/gu,
      Whitespace: /[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]+/gu,
    }[step.type];
    return pieces.flatMap((text) => text.match(piece) ?? []);
  }
  const { replacement = '▁', add_prefix_space: prefix = true } = step;
  const scheme = step.prepend_scheme ?? (prefix ? 'always' : 'never');
  return pieces.flatMap((text, at) => {
    const marked = text.replaceAll(' ', replacement);
    const prefixed = scheme === 'always' || (scheme === 'first' && at === 0);
    const whole = prefixed && !marked.startsWith(replacement) ? replacement + marked : marked;
    return whole.split(new RegExp(`(?=${replacement})`, 'u')).filter((part) => part !== '');
  });
}

/** The longest known piece first. */
function wordPieces({ vocab, unk_token: unknownToken = '[UNK]', ...model }) {
  const { continuing_subword_prefix: prefix = '##', max_input_chars_per_word: longest = 100 } = model;
  const unknown = vocab[unknownToken];
  const has = (piece) => Object.hasOwn(vocab, piece);
  return (word) => {
    const characters = Array.from(word);
    if (characters.length > longest) return [unknown];
    const found = [];
    for (let start = 0; start < characters.length;) {
      const pieceTo = (end) => (start > 0 ? prefix : '') + characters.slice(start, end).join('');
      let end = characters.length;
      while (end > start && !has(pieceTo(end))) end--;
      if (end === start) return [unknown];
      found.push(vocab[pieceTo(end)]);
      start = end;
    }
    return found;
  };
}

/** The likeliest pieces. */
function unigramPieces({ vocab, unk_id: unknown = null }) {
  const known = new Map(vocab.map(([piece, score], id) => [piece, { id, score }]));
  const longest = vocab.reduce((most, [piece]) => Math.max(most, Array.from(piece).length), 1);
  const worst = vocab.reduce((least, [, score]) => Math.min(least, score), 0) - 10;
  return (word) => {
    const characters = Array.from(word);
    const best = [{ score: 0, from: 0, id: -1 }];
    for (let end = 1; end <= characters.length; end++) {
      let top = { score: best[end - 1].score + worst, from: end - 1, id: unknown ?? -1 };
      for (let from = Math.max(0, end - longest); from < end; from++) {
        const piece = known.get(characters.slice(from, end).join(''));
        const score = best[from].score + (piece?.score ?? -Infinity);
        if (piece && score > top.score) top = { score, from, id: piece.id };
      }
      best.push(top);
    }
    const ids = [];
    for (let end = characters.length; end > 0; end = best[end].from) {
      const { id } = best[end];
      if (id >= 0 && !(id === unknown && ids.at(-1) === unknown)) ids.push(id);
    }
    return ids.reverse();
  };
}

function frameOf(processor) {
  if (!processor) return [[], []];
  if (processor.type !== 'TemplateProcessing') return [[processor.cls[1]], [processor.sep[1]]];
  const at = processor.single.findIndex((piece) => 'Sequence' in piece);
  const idsOf = (pieces) =>
    pieces.flatMap((piece) => processor.special_tokens[piece.SpecialToken?.id]?.ids ?? []);
  return [idsOf(processor.single.slice(0, at)), idsOf(processor.single.slice(at + 1))];
}

const stepsOf = (part, list) => (part ? (part[list] ?? [part]) : []);

function publishedTokenizer(file, { maxTokens }) {
  const pieces = file.model.type === 'Unigram' ? unigramPieces(file.model) : wordPieces(file.model);
  const [before, after] = frameOf(file.post_processor);
  const room = Math.max(1, maxTokens - before.length - after.length);
  return (text) => {
    const plain = stepsOf(file.normalizer, 'normalizers').reduce(normalise, text);
    const words = stepsOf(file.pre_tokenizer, 'pretokenizers').reduce(split, [plain]);
    const ids = [];
    for (const word of words) if (ids.length < room) ids.push(...pieces(word));
    return [...before, ...ids.slice(0, room), ...after];
  };
}

/**
 * The tokenizer of a package: a function from a text to its numbers, `input.parts` of them a token, at least one token.
 *
 * @param file what `tokenizer.json` holds
 * @param input what `preprocess.json` holds
 */
export function openTokenizer(file, input) {
  const own = { words: wordTokenizer, ngrams: ngramTokenizer }[file.kind];
  const encode = (own ?? publishedTokenizer)(file, input);
  return (text) => {
    const numbers = encode(text);
    return numbers.length > 0 ? numbers : Array(input.parts).fill(input.padding);
  };
}
