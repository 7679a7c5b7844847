import { ZooError } from '../../../zoo/index.js';
import { InferenceEngine } from './engine.js';
import type { Ask, FromChild, ToChild } from './protocol.js';

/** The inference child: answers what its parent asks until the parent is gone. */

const tell = (message: FromChild): void => void process.send?.(message);

let engine: InferenceEngine | null = null;

async function answer(id: number, ask: Ask): Promise<void> {
  try {
    if (!engine) throw new Error('The settings have to come first.');
    tell({ type: 'answer', id, answer: await engine.answer(ask) });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ type: 'error', id, expected: error instanceof ZooError, message, stack: stack ?? null });
  }
}

process.on('message', (message: ToChild) => {
  if (message.type === 'settings') engine = new InferenceEngine(message.settings);
  else void answer(message.id, message.ask);
});
// Ctrl-C on a terminal reaches the whole group; when to stop is for the parent to say.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit(0));
