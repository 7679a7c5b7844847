import { Button, Collapse, Group, Select } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconFilterOff } from '@tabler/icons-react';
import type { Facets } from '../../api/client';
import { useModality, useSpeech, wordOf } from '../../texts/texts';
import { DOUBTS, SORTS, STATES, type PicturesSearch } from './search';
import type { ViewProps } from './view-props';

type Choice = { value: string; label: string };

export const CLEARED: Partial<PicturesSearch> = {
  category: undefined,
  state: undefined,
  reason: undefined,
  provider: undefined,
  query: undefined,
  doubt: undefined,
};

const unique = (values: readonly string[]): Choice[] =>
  [...new Set(values)].map((value) => ({ value, label: value }));

/** Each filter says how many pictures it stands for. */
export function FilterBar(props: ViewProps) {
  const { t } = useSpeech();
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [open, { toggle }] = useDisclosure(false);
  if (!narrow) return <Filters {...props} />;
  const used = Object.keys(CLEARED).filter((key) => props.search[key as keyof PicturesSearch] !== undefined);
  return (
    <div>
      <Button
        variant="default"
        fullWidth
        aria-expanded={open}
        leftSection={<IconAdjustmentsHorizontal size={17} aria-hidden />}
        onClick={toggle}
      >
        {used.length > 0 ? t.pictures.filtersUsed(used.length) : t.pictures.filters}
      </Button>
      <Collapse expanded={open}>
        <div style={{ paddingTop: 8 }}>
          <Filters {...props} />
        </div>
      </Collapse>
    </div>
  );
}

function Filters({ facets, categories, search, change }: ViewProps) {
  const { t, f } = useSpeech();
  const isSearched = useModality() !== 'text';
  const choices = choicesOf(facets, search);
  const counted = (name: string): string => {
    const facet = facets?.categories.find((one) => one.name === name);
    return facet ? `${name} · ${f.number(facet.kept + facet.dropped + facet.pending)}` : name;
  };
  const filtered = Object.keys(CLEARED).some((key) => search[key as keyof PicturesSearch] !== undefined);
  const common = {
    clearable: true,
    size: 'sm',
    w: 168,
    comboboxProps: { shadow: 'md', width: 'max-content', position: 'bottom-start' },
  } as const;
  return (
    <Group gap="xs" role="group" aria-label={t.pictures.filters}>
      <Select
        {...common}
        aria-label={t.pictures.category}
        placeholder={t.pictures.category}
        data={categories.map((name) => ({ value: name, label: counted(name) }))}
        value={search.category ?? null}
        onChange={(category) => change({ category: category ?? undefined })}
      />
      <Select
        {...common}
        aria-label={t.pictures.state}
        placeholder={t.pictures.state}
        data={STATES.map((value) => ({ value, label: t.pictureStates[value] }))}
        value={search.state ?? null}
        onChange={(state) => change({ state: STATES.find((one) => one === state), reason: undefined })}
      />
      <Select
        {...common}
        aria-label={t.pictures.reason}
        placeholder={t.pictures.reason}
        data={(facets?.reasons ?? []).map(({ reason, pictures }) => ({
          value: reason,
          label: `${wordOf(t.reasons, reason)} · ${f.number(pictures)}`,
        }))}
        value={search.reason ?? null}
        onChange={(reason) =>
          change({ reason: reason ?? undefined, state: reason ? 'dropped' : search.state })
        }
      />
      <Select
        {...common}
        aria-label={t.pictures.doubt}
        placeholder={t.pictures.doubt}
        data={DOUBTS.map((value) => ({ value, label: t.pictures.doubts[value] }))}
        value={search.doubt ?? null}
        onChange={(doubt) => change({ doubt: DOUBTS.find((one) => one === doubt) })}
      />
      {isSearched && (
        <>
          <Select
            {...common}
            searchable
            aria-label={t.pictures.provider}
            placeholder={t.pictures.provider}
            data={choices.providers}
            value={search.provider ?? null}
            onChange={(provider) => change({ provider: provider ?? undefined, query: undefined })}
          />
          <Select
            {...common}
            searchable
            aria-label={t.pictures.query}
            placeholder={t.pictures.query}
            data={choices.queries}
            value={search.query ?? null}
            onChange={(query) => change({ query: query ?? undefined })}
          />
        </>
      )}
      <Select
        {...common}
        clearable={false}
        allowDeselect={false}
        aria-label={t.pictures.sort}
        data={SORTS.map((value) => ({ value, label: t.pictures.sorts[value] }))}
        value={search.sort ?? 'found'}
        onChange={(sort) => change({ sort: SORTS.find((one) => one === sort) })}
      />
      {filtered && (
        <Button
          variant="subtle"
          size="sm"
          leftSection={<IconFilterOff size={16} aria-hidden />}
          onClick={() => change(CLEARED)}
        >
          {t.pictures.clear}
        </Button>
      )}
    </Group>
  );
}

function choicesOf(facets: Facets | undefined, { category, provider }: PicturesSearch) {
  const rows = (facets?.queries ?? []).filter((row) => category === undefined || row.category === category);
  return {
    providers: unique(rows.map((row) => row.provider)),
    queries: unique(
      rows.filter((row) => provider === undefined || row.provider === provider).map((row) => row.query),
    ),
  };
}
