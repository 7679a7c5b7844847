import {
  Alert,
  Checkbox,
  Collapse,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Provider } from '../../api/client';
import { Failure } from '../../parts/states';
import { useSpeech } from '../../texts/texts';
import { chosenProviders, type ChangeDraft, type Draft } from './draft';

const LICENCES = ['any', 'known', 'commercial', 'modification', 'public-domain'] as const;

interface SourcesInputProps {
  readonly draft: Draft;
  readonly providers: UseQueryResult<Provider[]>;
  readonly onChange: ChangeDraft;
}

export function SourcesInput({ draft, providers, onChange }: SourcesInputProps) {
  const { t } = useSpeech();
  return (
    <Stack gap="md">
      <ProviderChoice draft={draft} providers={providers} onChange={onChange} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t.start.perCategory}
          description={t.start.perCategoryHint}
          min={4}
          max={10_000}
          step={20}
          clampBehavior="blur"
          allowDecimal={false}
          value={draft.imagesPerCategory}
          onChange={(value) => typeof value === 'number' && onChange({ imagesPerCategory: value })}
        />
        <Select
          label={t.start.licence}
          description={t.start.licenceHint}
          allowDeselect={false}
          data={LICENCES.map((value) => ({ value, label: t.start.licences[value] }))}
          value={draft.licence}
          onChange={(licence) => licence && onChange({ licence })}
        />
      </SimpleGrid>
    </Stack>
  );
}

function ProviderChoice({ draft, providers, onChange }: SourcesInputProps) {
  const { t } = useSpeech();
  const [open, { toggle }] = useDisclosure(false);
  if (providers.isError) return <Failure error={providers.error} retry={() => void providers.refetch()} />;
  if (!providers.data) return <Skeleton height={124} radius="md" />;
  const chosen = chosenProviders(draft);
  const first = providers.data.filter(
    (one) => one.enabledByDefault || (one.offline && one.needs.length === 0) || one.id === 'gallery',
  );
  const others = providers.data.filter((one) => !first.includes(one));
  const choose = (next: string[]): void => onChange({ providers: next });
  return (
    <Checkbox.Group aria-label={t.start.sources} value={[...chosen]} onChange={choose}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {first.map((one) => (
          <ProviderCard key={one.id} provider={one} />
        ))}
      </SimpleGrid>
      <UnstyledButton onClick={toggle} aria-expanded={open} mt="sm" c="var(--graft-good)" fz="sm" fw={550}>
        <Group gap={4}>
          <IconChevronDown size={16} aria-hidden style={{ transform: open ? 'rotate(180deg)' : undefined }} />
          {t.start.moreSources(others.length)}
        </Group>
      </UnstyledButton>
      <Collapse expanded={open}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt="xs">
          {others.map((one) => (
            <ProviderCard key={one.id} provider={one} />
          ))}
        </SimpleGrid>
      </Collapse>
      {chosen.length === 0 && (
        <Alert mt="sm" color="gray" variant="light">
          {t.start.ownOnly}
        </Alert>
      )}
    </Checkbox.Group>
  );
}

function ProviderCard({ provider }: { provider: Provider }) {
  const { t } = useSpeech();
  // The address of the sample gallery is Graft's own business.
  const needs = provider.needs.filter((one) => one !== 'gallery.baseUrl');
  return (
    <Checkbox.Card value={provider.id} p="sm" radius="md">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Checkbox.Indicator mt={2} />
        <div style={{ minWidth: 0 }}>
          <Text fw={550} size="sm">
            {provider.title}
          </Text>
          <Text size="xs" c="dimmed" lineClamp={2}>
            {needs.length > 0 ? `${t.start.needs(needs.join(', '))} ` : ''}
            {provider.terms}
          </Text>
        </div>
      </Group>
    </Checkbox.Card>
  );
}
