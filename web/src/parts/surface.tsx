import type { ReactNode } from 'react';
import { Box, Group, Text, Title, type BoxProps } from '@mantine/core';

interface SurfaceProps extends BoxProps {
  readonly id?: string;
  readonly title?: string;
  readonly hint?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page, with its own heading. */
export function Surface({ title, hint, aside, children, ...box }: SurfaceProps) {
  return (
    <Box component="section" className="graft-surface" p="lg" aria-label={title} {...box}>
      {title && (
        <Group justify="space-between" mb="sm" gap="xs" align="baseline">
          <Title order={2}>{title}</Title>
          {aside}
        </Group>
      )}
      {hint && (
        <Text size="sm" c="dimmed" mt={-6} mb="md">
          {hint}
        </Text>
      )}
      {children}
    </Box>
  );
}
