/**
 * Why a provider gave nothing, named by what it demands of the operator:
 * - `unreachable`: no answer (no internet, DNS, timeout, server errors): check the network or use another source.
 * - `quota`: too many requests: wait, or use a key.
 * - `refused`: the provider says no to this request (401, 403 or an error reply).
 * - `changed`: the reply has another shape than the parser knows: update Graft.
 * - `needs-key`: a setting is missing, or what it names cannot be read: set it.
 * - `needs-browser`: the provider's pages have to be rendered, and there is no Chromium that starts: install one.
 * - `blocked`: Graft's own address guard refused the host: allow it by name.
 */
export type ProviderErrorReason =
  'unreachable' | 'quota' | 'refused' | 'changed' | 'needs-key' | 'needs-browser' | 'blocked';

/** What a ProviderError names as host when nothing is asked over the network. */
export const THIS_MACHINE = 'this machine';

const ADVICE: Readonly<Record<ProviderErrorReason, string>> = {
  unreachable:
    'Check the internet connection, or work without it: --provider gallery (the sample gallery) or --from DIR (your own pictures).',
  quota:
    'Wait and run again, choose another provider with --provider, or use your own pictures with --from DIR.',
  refused:
    'Choose another provider with --provider (for example gallery), or use your own pictures with --from DIR.',
  changed:
    'Update Graft; until then choose another provider with --provider (for example gallery) or use --from DIR.',
  'needs-key':
    'Give the setting, or choose a provider that needs none with --provider (for example gallery).',
  'needs-browser':
    'Install it with `apt install chromium` or `npx playwright install chromium`, or name one with the setting browser.path.',
  blocked: 'If you trust this host, name it in the allowed private hosts (allowPrivateHosts).',
};

/** A provider could not be searched. The message names the provider, the host and what to try. */
export class ProviderError extends Error {
  /** @param detail What happened, without provider or host: 'the connection was refused'. */
  constructor(
    readonly provider: string,
    readonly host: string,
    readonly reason: ProviderErrorReason,
    readonly detail: string,
  ) {
    super(`Provider "${provider}" (${host}) ${reason}: ${detail}. ${ADVICE[reason]}`);
    this.name = 'ProviderError';
  }

  /** The same error with its detail changed. */
  with(change: (detail: string) => string): ProviderError {
    return new ProviderError(this.provider, this.host, this.reason, change(this.detail));
  }
}

/** Someone asked for a provider that is not in the registry. */
export class UnknownProviderError extends Error {
  constructor(
    readonly provider: string,
    readonly known: readonly string[],
  ) {
    super(`There is no provider "${provider}". Choose one of: ${known.join(', ')}.`);
    this.name = 'UnknownProviderError';
  }
}
