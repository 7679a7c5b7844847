import { Button, Code, CopyButton, Tabs } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Model } from '../../api/client';
import { sessionQuery } from '../../api/queries';
import { SNIPPETS, snippet } from '../../lib/snippets';
import { useSpeech } from '../../texts/texts';

const NAMES = { curl: 'curl', python: 'Python', javascript: 'JavaScript' } as const;

export function CodeCard({ model }: { model: Model }) {
  const { t } = useSpeech();
  const keysDemanded = useQuery(sessionQuery()).data?.keysDemanded ?? false;
  return (
    <Tabs defaultValue="curl" keepMounted={false}>
      <Tabs.List aria-label={t.try.code}>
        {SNIPPETS.map((kind) => (
          <Tabs.Tab key={kind} value={kind}>
            {NAMES[kind]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SNIPPETS.map((kind) => {
        const code = snippet(kind, {
          origin: window.location.origin,
          model: model.id,
          modality: model.modality,
          keysDemanded,
        });
        return (
          <Tabs.Panel key={kind} value={kind} pt="sm">
            <Code block tabIndex={0} style={{ minHeight: '5.5rem', background: 'var(--graft-sunken)' }}>
              {code}
            </Code>
            <CopyButton value={code}>
              {({ copied, copy }) => (
                <Button
                  mt="xs"
                  size="xs"
                  variant="default"
                  leftSection={
                    copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />
                  }
                  onClick={copy}
                >
                  <span aria-live="polite">{copied ? t.try.copied : t.try.copy}</span>
                </Button>
              )}
            </CopyButton>
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}
