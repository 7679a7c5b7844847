import { Alert } from '@mantine/core';
import { ProblemError } from '../../api/client';

/** What the service did not take, and what to do about it. */
export function Refused({ error }: { error: Error }) {
  return (
    <Alert color="red" variant="light" title={error.message}>
      {error instanceof ProblemError ? error.fix : null}
    </Alert>
  );
}
