import { z } from 'zod';

/** The parts of a published `tokenizer.json` (the format of the library tokenizers) that are understood here. */

const pattern = z.union([z.object({ String: z.string() }), z.object({ Regex: z.string() })]);

const plainNormalizer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('BertNormalizer'),
    clean_text: z.boolean().default(true),
    handle_chinese_chars: z.boolean().default(true),
    strip_accents: z.boolean().nullable().default(null),
    lowercase: z.boolean().default(true),
  }),
  z.object({ type: z.enum(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'Precompiled']) }),
  z.object({ type: z.literal('Replace'), pattern, content: z.string() }),
  z.object({
    type: z.literal('Strip'),
    strip_left: z.boolean().default(true),
    strip_right: z.boolean().default(true),
  }),
  z.object({ type: z.literal('Prepend'), prepend: z.string() }),
]);
const normalizer = z.union([
  plainNormalizer,
  z.object({ type: z.literal('Sequence'), normalizers: z.array(plainNormalizer) }),
]);
export type Normalizer = z.infer<typeof plainNormalizer>;

const plainPreTokenizer = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['BertPreTokenizer', 'WhitespaceSplit', 'Whitespace']) }),
  z.object({
    type: z.literal('Metaspace'),
    replacement: z.string().default('▁'),
    add_prefix_space: z.boolean().default(true),
    prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  }),
]);
const preTokenizer = z.union([
  plainPreTokenizer,
  z.object({ type: z.literal('Sequence'), pretokenizers: z.array(plainPreTokenizer) }),
]);
export type PreTokenizer = z.infer<typeof plainPreTokenizer>;

const wordPiece = z.object({
  type: z.literal('WordPiece').default('WordPiece'),
  vocab: z.record(z.string(), z.int()),
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.int().default(100),
});
export type WordPieceModel = z.infer<typeof wordPiece>;

const unigram = z.object({
  type: z.literal('Unigram'),
  vocab: z.array(z.tuple([z.string(), z.number()])),
  unk_id: z.int().nullable().default(null),
});
export type UnigramModel = z.infer<typeof unigram>;

const templatePiece = z.union([
  z.object({ SpecialToken: z.object({ id: z.string() }) }),
  z.object({ Sequence: z.object({ id: z.enum(['A', 'B']) }) }),
]);
const postProcessor = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('TemplateProcessing'),
    single: z.array(templatePiece),
    special_tokens: z.record(z.string(), z.object({ ids: z.array(z.int()) })),
  }),
  z.object({
    type: z.enum(['BertProcessing', 'RobertaProcessing']),
    cls: z.tuple([z.string(), z.int()]),
    sep: z.tuple([z.string(), z.int()]),
  }),
]);
export type PostProcessor = z.infer<typeof postProcessor>;

export const publishedTokenizerSchema = z.object({
  normalizer: normalizer.nullish(),
  pre_tokenizer: preTokenizer.nullish(),
  post_processor: postProcessor.nullish(),
  model: z.union([unigram, wordPiece]),
  added_tokens: z.array(z.object({ id: z.int(), content: z.string() })).default([]),
  padding: z.object({ pad_id: z.int() }).nullish(),
});
export type PublishedTokenizer = z.infer<typeof publishedTokenizerSchema>;
