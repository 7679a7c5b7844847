import { requiredSetting } from '../define-provider.js';
import type { FetchTarget } from '../fetch-image.js';
import type { FetchOutcome } from '../fetch-reasons.js';
import type { LocalProvider, LocalStore, ProviderSettings, SearchProvider } from '../provider.js';
import { sniffImageMime } from '../sniff.js';
import { localPath } from './local-address.js';

/** Names the bytes of a file by what they are; its name counts for nothing. */
function judgeFile(bytes: Uint8Array, finalUrl: string): FetchOutcome {
  if (bytes.length === 0) return { kind: 'dropped', reason: 'empty', detail: `${finalUrl} has no bytes` };
  const mime = sniffImageMime(bytes);
  if (mime) return { kind: 'fetched', bytes, mime, finalUrl };
  const detail = `${bytes.length} bytes of no known picture format`;
  return { kind: 'dropped', reason: 'not-an-image', detail };
}

/** Opens the store of each local provider once, when it is first needed, and fetches pictures from it. */
export class LocalStores {
  private readonly stores = new Map<string, LocalStore>();
  private readonly providers: ReadonlyMap<string, LocalProvider>;

  constructor(
    providers: readonly SearchProvider[],
    private readonly settings: ProviderSettings,
    private readonly maxBytes: number,
  ) {
    const local = providers.filter((provider) => provider.kind === 'local');
    this.providers = new Map(local.map((provider) => [provider.id, provider]));
  }

  /** @throws ProviderError reason 'needs-key' when no path is set */
  storeOf(provider: LocalProvider): LocalStore {
    const known = this.stores.get(provider.id);
    if (known) return known;
    const store = provider.open(requiredSetting(provider, this.settings, provider.setting), this.maxBytes);
    this.stores.set(provider.id, store);
    return store;
  }

  /**
   * The picture, when a local provider found it; `null` when it is for the web. The provider decides, not the address:
   * a reply from the web can hold any address, but it cannot choose under whose name it is kept.
   */
  async fetch({ provider: id, imageUrl }: FetchTarget): Promise<FetchOutcome | null> {
    const provider = this.providers.get(id ?? '');
    if (!provider) return null;
    const path = localPath(provider.id, imageUrl);
    if (path === null)
      return { kind: 'dropped', reason: 'bad-url', detail: `no path of the provider ${provider.id}` };
    if (!this.settings[provider.setting])
      return { kind: 'dropped', reason: 'unreachable', detail: `the setting ${provider.setting} is missing` };
    const bytes = await this.storeOf(provider).read(path);
    if (bytes instanceof Uint8Array) return judgeFile(bytes, imageUrl);
    return { kind: 'dropped', reason: bytes.reason, detail: bytes.detail };
  }

  close(): void {
    for (const store of this.stores.values()) store.close();
  }
}
