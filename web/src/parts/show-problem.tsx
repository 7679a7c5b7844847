import { notifications } from '@mantine/notifications';
import { ProblemError } from '../api/client';

/** Says what went wrong with something a person did, and what to do about it. */
export function showProblem(error: unknown): void {
  const { message, fix } =
    error instanceof ProblemError ? error : { message: String((error as Error).message), fix: null };
  notifications.show({ color: 'red', title: message, message: fix ?? '', autoClose: 10_000, role: 'alert' });
}
