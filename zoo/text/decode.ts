import { InputError } from '../errors.js';
import { wordsOf } from './words.js';

/**
 * Why a text cannot be used: `empty` nothing but white space; `too-long` over the limit; `broken-text` not UTF-8; `binary` holds
 * control characters no text has; `no-words` nothing but punctuation.
 */
export type TextErrorReason = 'empty' | 'too-long' | 'broken-text' | 'binary' | 'no-words';

/** A text that cannot be used. */
export class TextError extends InputError<TextErrorReason> {}

export interface TextLimits {
  readonly maxBytes: number;
}

/** Ten pages: Graft classifies short texts, and reads no more of a long one than its start in any case. */
export const defaultTextLimits: TextLimits = { maxBytes: 64 * 1024 };

const CONTROL = /(?![\t\n\v\f\r\u0085])\p{Cc}/u;

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new TextError('broken-text', 'it is not UTF-8. Save it as UTF-8', { cause: error });
  }
}

/** The text in a file's bytes: UTF-8, with or without a byte order mark. @throws TextError with its `reason` */
export function decodeText(bytes: Uint8Array, limits: TextLimits = defaultTextLimits): string {
  if (bytes.length > limits.maxBytes)
    throw new TextError('too-long', `${bytes.length} bytes; the limit is ${limits.maxBytes}`);
  return checkText(decode(bytes));
}

/** The same for a text that is one already. @throws TextError with its `reason` */
export function checkText(text: string): string {
  if (text.trim() === '') throw new TextError('empty', 'it holds nothing but white space');
  if (CONTROL.test(text)) throw new TextError('binary', 'it holds control characters that no text has');
  if (wordsOf(text).length === 0) throw new TextError('no-words', 'it holds no word in any script');
  return text;
}
