import type { Normalizer, PreTokenizer, PublishedTokenizer } from './published-schema.js';

const CJK = /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2fa1f}]/gu;
const BAD = /\0|\ufffd|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu;

const stripAccents = (text: string): string => text.normalize('NFD').replaceAll(/\p{Mn}/gu, '');

/** The normaliser of BERT: control characters out, spaces around Chinese characters, accents off, lower case. */
function bert(text: string, options: Extract<Normalizer, { type: 'BertNormalizer' }>): string {
  let out = text;
  if (options.clean_text) out = out.replaceAll(BAD, '').replaceAll(/\s/gu, ' ');
  if (options.handle_chinese_chars) out = out.replaceAll(CJK, ' $& ');
  if (options.strip_accents ?? options.lowercase) out = stripAccents(out);
  return options.lowercase ? out.toLowerCase() : out;
}

/**
 * SentencePiece's own table of characters (`Precompiled`) is NFKC with white space and control characters put in order; that is
 * what is done here, without the table.
 */
const sentencePiece = (text: string): string =>
  text.normalize('NFKC').replaceAll(/\s/gu, ' ').replaceAll(BAD, '');

function normaliseBy(text: string, step: Normalizer): string {
  switch (step.type) {
    case 'BertNormalizer':
      return bert(text, step);
    case 'Lowercase':
      return text.toLowerCase();
    case 'StripAccents':
      return text.replaceAll(/\p{Mn}/gu, '');
    case 'Precompiled':
      return sentencePiece(text);
    case 'Replace': {
      const { pattern, content } = step;
      return text.replaceAll('String' in pattern ? pattern.String : new RegExp(pattern.Regex, 'gu'), content);
    }
    case 'Strip': {
      const left = step.strip_left ? text.trimStart() : text;
      return step.strip_right ? left.trimEnd() : left;
    }
    case 'Prepend':
      return step.prepend + text;
    default:
      return text.normalize(step.type);
  }
}

/** All steps of a tokenizer's normaliser, in order. */
export function normalisePublished(text: string, { normalizer }: PublishedTokenizer): string {
  if (!normalizer) return text;
  const steps = normalizer.type === 'Sequence' ? normalizer.normalizers : [normalizer];
  return steps.reduce(normaliseBy, text);
}

// BERT counts all ASCII that is no letter or digit as punctuation, also $ and ^.
const BERT_TOKENS = /[\p{P}!-/:-@[-`{-~]|[^\s\p{P}!-/:-@[-`{-~]+/gu;

function splitBy(pieces: readonly string[], step: PreTokenizer): string[] {
  if (step.type === 'Metaspace') {
    const { replacement } = step;
    const scheme = step.prepend_scheme ?? (step.add_prefix_space ? 'always' : 'never');
    return pieces.flatMap((piece, at) => {
      const marked = piece.replaceAll(' ', replacement);
      const prefixed = scheme === 'always' || (scheme === 'first' && at === 0);
      const whole = prefixed && !marked.startsWith(replacement) ? replacement + marked : marked;
      // Each piece begins with its mark, where it has one.
      return whole.split(new RegExp(`(?=${replacement})`, 'u')).filter((part) => part !== '');
    });
  }
  const parts = {
    BertPreTokenizer: BERT_TOKENS,
    WhitespaceSplit: /\S+/gu,
    Whitespace: /[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]+/gu,
  }[step.type];
  return pieces.flatMap((piece) => piece.match(parts) ?? []);
}

/** A normalised text, cut as the tokenizer cuts it before it looks for tokens. */
export function splitPublished(text: string, { pre_tokenizer: splitter }: PublishedTokenizer): string[] {
  if (!splitter) return [text];
  const steps = splitter.type === 'Sequence' ? splitter.pretokenizers : [splitter];
  return steps.reduce<string[]>(splitBy, [text]);
}
