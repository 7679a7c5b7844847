import { oneOf } from '../../lib/search-params';

export const MODEL_TABS = ['versions', 'schedule', 'feedback', 'zoo', 'keys', 'health'] as const;

export interface ModelsSearch {
  readonly tab?: (typeof MODEL_TABS)[number];
}

export const toModelsSearch = (raw: Record<string, unknown>): ModelsSearch => ({
  tab: oneOf(raw, 'tab', MODEL_TABS),
});
