import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { redactKeys } from './key.js';

/**
 * The log of the service. Nothing logs keys on purpose, but a person may put one where none belongs, such as into an address, and
 * that is logged: so whatever looks like a key is cut short on its way out.
 */
export class SafeLogger extends ConsoleLogger {
  protected override stringifyMessage(message: unknown, logLevel: LogLevel): string {
    return redactKeys(String(super.stringifyMessage(message, logLevel)));
  }

  protected override formatContext(context: string): string {
    return redactKeys(super.formatContext(context));
  }

  protected override stringifyReplacer(key: string, value: unknown): unknown {
    const replaced = super.stringifyReplacer(key, value);
    return typeof replaced === 'string' ? redactKeys(replaced) : replaced;
  }

  /** Nest calls it with none, too. */
  protected override printStackTrace(stack: string | undefined): void {
    if (stack) super.printStackTrace(redactKeys(stack));
  }
}
