import { Injectable, type PipeTransform } from '@nestjs/common';
import { GraftError } from '../runs/errors.js';

/** A surrogate without its other half; in a `u` expression a pair is one character. */
const HALF = /\p{Surrogate}/u;

/**
 * Refuses texts that no database can keep: with a zero byte, or half of a character in them. They stand in addresses, queries, bodies
 * and file names alike, so it is asked here once.
 */
@Injectable()
export class StorableTextPipe implements PipeTransform {
  transform(value: unknown): unknown {
    // By a list and not by recursion: a body may be nested as deep as it is long.
    const left: unknown[] = [value];
    while (left.length > 0) {
      const one = left.pop();
      if (typeof one === 'string') check(one);
      else if (Array.isArray(one)) for (const item of one) left.push(item);
      else if (isRecord(one)) for (const [key, item] of Object.entries(one)) left.push(key, item);
    }
    return value;
  }
}

/** Whether a database can keep a text. */
export const isStorable = (text: string): boolean => !text.includes('\0') && !HALF.test(text);

/** The text without what a database cannot keep. */
export const storable = (text: string): string =>
  text.replaceAll('\0', '\ufffd').replaceAll(new RegExp(HALF, 'gu'), '\ufffd');

function check(text: string): void {
  if (!isStorable(text)) throw badText();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const badText = (): GraftError =>
  new GraftError({
    code: 'bad-text',
    message: 'The request has a text with a zero byte or half of a character in it.',
    fix: 'Leave it out: nothing that Graft keeps can have one.',
  });
