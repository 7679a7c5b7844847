import type { Readable } from 'node:stream';
import { createInterface, type Interface } from 'node:readline/promises';
import { InterruptedError } from './errors.js';
import type { Terminal } from './output.js';

/** Where answers are read from. */
export interface Keyboard extends Readable {
  isTTY?: boolean;
}

/** Something to be asked for until the answer can be read. */
export interface Question<T> {
  readonly text: string;
  /** The answer that Enter alone stands for. */
  readonly usual: string;
  /** Null for an answer that cannot be read. */
  readonly read: (answer: string) => T | null;
  /** What a right answer looks like. */
  readonly example: string;
}

/** The two ends of a conversation. */
export interface Conversation {
  readonly input: Keyboard;
  readonly output: Terminal;
  /** Ends the conversation. */
  readonly signal: AbortSignal;
  /** Told to the person who breaks off. */
  readonly onBreak: string;
}

/**
 * Asks one question after the other. Lines that come before they are asked for, as when several are pasted, are kept.
 *
 * @throws InterruptedError when the person breaks off, by Ctrl-C or by the end of the input.
 */
export async function ask<T>(questions: readonly Question<T>[], conversation: Conversation): Promise<T[]> {
  const { input, output, signal } = conversation;
  const terminal = createInterface({ input, output, signal });
  const lines = terminal[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const next = await lines.next();
    if (next.done !== true) return next.value;
    output.write('\n');
    throw new InterruptedError(conversation.onBreak);
  };
  try {
    const answers: T[] = [];
    for (const question of questions) answers.push(await askOne(question, terminal, nextLine));
    return answers;
  } finally {
    terminal.close();
  }
}

async function askOne<T>(
  { text, usual, read, example }: Question<T>,
  terminal: Interface,
  nextLine: () => Promise<string>,
): Promise<T> {
  let question = `${text} [${usual}]: `;
  for (;;) {
    terminal.setPrompt(question);
    terminal.prompt();
    const answer = (await nextLine()).trim();
    const found = read(answer === '' ? usual : answer);
    if (found !== null) return found;
    question = `${answer} cannot be read; an answer looks like this: ${example} [${usual}]: `;
  }
}
