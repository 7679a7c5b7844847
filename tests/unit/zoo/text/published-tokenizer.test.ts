import { expect, test } from 'vitest';
import { openTokenizer } from '../../../../zoo/text/tokenizers/open-tokenizer.js';

const INPUT = { kind: 'text', maxTokens: 8, parts: 1, padding: 0 } as const;

const BERT_VOCABULARY = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'the',
  'film',
  '##s',
  'un',
  '##aff',
  '##able',
  '!',
  '映',
  '画',
  'cafe',
  "'",
  't',
  'don',
];

/** As all-MiniLM-L6-v2 publishes it, with a small vocabulary. */
const bert = {
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  padding: { strategy: 'BatchLongest', pad_id: 0, pad_token: '[PAD]' },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(BERT_VOCABULARY.map((word, id) => [word, id])),
  },
};

test('WordPiece: lower case, accents off, longest match, unknown words whole, special tokens around', () => {
  const { encode } = openTokenizer(bert, INPUT);
  const words = (text: string): string[] => Array.from(encode(text), (id) => BERT_VOCABULARY[id] ?? '');
  expect(words('The Films!')).toEqual(['[CLS]', 'the', 'film', '##s', '!', '[SEP]']);
  expect(words('UNAFFABLE')).toEqual(['[CLS]', 'un', '##aff', '##able', '[SEP]']);
  expect(words('the filmz Café')).toEqual(['[CLS]', 'the', '[UNK]', 'cafe', '[SEP]']);
  expect(words("映画 don't")).toEqual(['[CLS]', '映', '画', 'don', "'", 't', '[SEP]']);
  expect(words('the the the the the the the the')).toHaveLength(8);
  expect(words('')).toEqual(['[CLS]', '[SEP]']);
});

const PIECES: [string, number][] = [
  ['<s>', 0],
  ['<pad>', 0],
  ['</s>', 0],
  ['<unk>', 0],
  ['▁', -3],
  ['▁good', -2],
  ['good', -2.5],
  ['▁go', -4],
  ['od', -4],
  ['s', -1.5],
  ['映画', -2],
  ['映', -5],
];

/** As multilingual-e5 publishes it, with a small vocabulary. */
const unigram = {
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'Precompiled', precompiled_charsmap: '' },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    ],
  },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'WhitespaceSplit' },
      { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
    ],
  },
  post_processor: {
    ...bert.post_processor,
    single: [{ SpecialToken: { id: '<s>' } }, { Sequence: { id: 'A' } }, { SpecialToken: { id: '</s>' } }],
    special_tokens: { '<s>': { ids: [0] }, '</s>': { ids: [2] } },
  },
  added_tokens: [{ id: 1, content: '<pad>' }],
  model: { type: 'Unigram', unk_id: 3, vocab: PIECES },
};

test('Unigram: the likeliest pieces, by the sum of their scores; unknown characters in a row are one', () => {
  const { encode } = openTokenizer(unigram, INPUT);
  const pieces = (text: string): string[] => Array.from(encode(text), (id) => PIECES[id]?.[0] ?? '');
  // "▁good" (-2) beats "▁" + "good" (-5.5) and "▁go" + "od" (-8).
  expect(pieces('good')).toEqual(['<s>', '▁good', '</s>']);
  expect(pieces('goods  ｇｏｏｄ')).toEqual(['<s>', '▁good', 's', '▁good', '</s>']);
  expect(pieces('映画')).toEqual(['<s>', '▁', '映画', '</s>']);
  expect(pieces('good xyz')).toEqual(['<s>', '▁good', '▁', '<unk>', '</s>']);
});

test('a tokenizer of another kind is a clear error', () => {
  expect(() => openTokenizer({ model: { type: 'BPE', vocab: {}, merges: [] } }, INPUT)).toThrow(
    /cannot be used/,
  );
});
