import { useState } from 'react';
import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Code,
  CopyButton,
  Group,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../api/client';
import { keysQuery } from '../../api/queries';
import { Failure } from '../../parts/states';
import { Surface } from '../../parts/surface';
import { useSpeech } from '../../texts/texts';

type Key = Schemas['KeyDto'];
type Scope = Key['scopes'][number];
const SCOPES: readonly Scope[] = ['predict', 'read', 'admin'];

/** Who may ask this service when it is not on its own machine. */
export function KeysTab() {
  const { t } = useSpeech();
  const keys = useQuery(keysQuery());
  if (keys.isError) return <Failure error={keys.error} retry={() => void keys.refetch()} />;
  if (!keys.data) return <Skeleton height={240} radius="lg" />;
  return (
    <Stack gap="lg">
      <Surface title={t.accessKeys.make} hint={t.accessKeys.hint}>
        <NewKey />
      </Surface>
      {keys.data.length > 0 && (
        <Surface title={t.accessKeys.all}>
          <KeyTable keys={keys.data} />
        </Surface>
      )}
    </Stack>
  );
}

function NewKey() {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['predict']);
  const making = useMutation({
    mutationFn: () => ask(api.POST('/api/keys', { body: { name: name.trim(), scopes, expiresAt: null } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery().queryKey }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <Group align="flex-end" gap="md">
        <TextInput
          label={t.accessKeys.name}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label={t.accessKeys.may}
          value={scopes}
          onChange={(next) => setScopes(SCOPES.filter((scope) => next.includes(scope)))}
        >
          <Group gap="md" mt={6} mb={8}>
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={t.accessKeys.scopes[scope]} />
            ))}
          </Group>
        </Checkbox.Group>
        <Button type="submit" loading={making.isPending} disabled={name.trim() === '' || scopes.length === 0}>
          {t.accessKeys.make}
        </Button>
      </Group>
      {making.data && (
        <Alert mt="md" title={t.accessKeys.once}>
          <Group gap="xs">
            <Code fz="sm">{making.data.key}</Code>
            <CopyButton value={making.data.key}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {copied ? t.try.copied : t.try.copy}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Alert>
      )}
    </form>
  );
}

function KeyTable({ keys }: { keys: readonly Key[] }) {
  const { t, f } = useSpeech();
  const client = useQueryClient();
  const revoking = useMutation({
    mutationFn: (keyId: string) => ask(api.DELETE('/api/keys/{keyId}', { params: { path: { keyId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery().queryKey }),
  });
  return (
    <Table fz="sm" verticalSpacing="xs">
      <Table.Tbody>
        {keys.map((key) => (
          <Table.Tr key={key.id}>
            <Table.Td>
              <Text size="sm" fw={550}>
                {key.name}
              </Text>
              <Text size="xs" c="dimmed">
                {key.start}… · {key.scopes.map((scope) => t.accessKeys.scopes[scope]).join(', ')}
              </Text>
            </Table.Td>
            <Table.Td c="dimmed">
              {key.lastUsedAt === null ? t.accessKeys.unused : t.accessKeys.used(f.when(key.lastUsedAt))}
            </Table.Td>
            <Table.Td ta="right">
              {key.revokedAt === null ? (
                <Button size="compact-sm" variant="default" onClick={() => revoking.mutate(key.id)}>
                  {t.accessKeys.revoke}
                </Button>
              ) : (
                <Badge variant="light" color="gray" tt="none">
                  {t.accessKeys.revoked}
                </Badge>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
