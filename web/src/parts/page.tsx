import { useEffect, useRef, type ReactNode } from 'react';
import { Box, Group, Text, Title } from '@mantine/core';

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly width?: number | string;
}

/** A page with its heading. A change of page moves the focus to the heading, so that a screen reader says where one is. */
export function Page({ title, lead, actions, children, width = 1240 }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Graft`;
  }, [title]);
  useEffect(() => {
    if (visited) heading.current?.focus({ preventScroll: true });
    visited = true;
  }, []);
  return (
    <Box maw={width} mx="auto">
      <Group justify="space-between" align="flex-start" gap="md" mb="lg" wrap="wrap">
        <Box style={{ flex: '1 1 20rem', minWidth: 0 }}>
          <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {lead && (
            <Text component="div" c="dimmed" mt={4}>
              {lead}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}

/** The first page of a visit keeps the browser's own focus. */
let visited = false;
