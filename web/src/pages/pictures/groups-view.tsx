import { useState } from 'react';
import { Badge, Button, Group, Pagination, Skeleton, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Picture } from '../../api/client';
import { GROUPS_A_PAGE, groupsQuery } from '../../api/queries';
import { Empty, Failure } from '../../parts/states';
import { Item } from '../../parts/item';
import { useSpeech, wordOf } from '../../texts/texts';
import { saidText } from './tile';
import type { ViewProps } from './view-props';

/** Copies side by side: the keeper, and what was dropped for it. */
export function GroupsView(props: ViewProps) {
  const { t } = useSpeech();
  const [page, setPage] = useState(0);
  const groups = useQuery(groupsQuery(props.run.id, page));
  if (groups.isError) return <Failure error={groups.error} retry={() => void groups.refetch()} />;
  if (!groups.data) return <Skeleton height={420} radius="lg" />;
  if (groups.data.total === 0)
    return (
      <Empty icon={IconCopy} title={t.groups.none}>
        {t.groups.noneText}
      </Empty>
    );
  const pages = Math.ceil(groups.data.total / GROUPS_A_PAGE);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t.groups.count(groups.data.total)}
      </Text>
      {groups.data.items.map(({ group, members }) => (
        <section
          key={group}
          className="graft-surface"
          style={{ padding: '1rem' }}
          aria-label={t.groups.one(members.length)}
        >
          <Text size="sm" fw={550} mb="xs">
            {t.groups.one(members.length)}
          </Text>
          <Group align="flex-start" gap="md">
            {members.map((member) => (
              <Member key={member.id} member={member} {...props} />
            ))}
          </Group>
        </section>
      ))}
      {pages > 1 && (
        <Pagination
          total={pages}
          value={page + 1}
          onChange={(next) => setPage(next - 1)}
          getControlProps={(control) => ({ 'aria-label': t.paging[control] })}
          getItemProps={(item) => ({ 'aria-label': t.paging.page(item) })}
        />
      )}
    </Stack>
  );
}

function Member({ member, review, change }: ViewProps & { member: Picture }) {
  const { t, f } = useSpeech();
  const said = member.sha256 ? review.decisions.get(member.sha256) : undefined;
  const size =
    member.width && member.height ? `${f.number(member.width)} × ${f.number(member.height)}` : null;
  return (
    <div style={{ width: 158 }}>
      <button
        type="button"
        onClick={() => change({ view: 'grid', picture: member.id })}
        style={{ padding: 0, border: 0, background: 'none', width: '100%', cursor: 'pointer' }}
      >
        <Item id={member.id} sha256={member.sha256} alt={t.groups.open(member.title ?? member.query)} />
      </button>
      <Group gap={4} mt={6}>
        <Badge variant="light" color={member.reason ? 'red' : 'leaf'} tt="none">
          {said ? saidText(said, t) : member.reason ? wordOf(t.reasons, member.reason) : t.groups.keeper}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed" mt={4} lineClamp={2}>
        {[member.category, member.provider, size].filter(Boolean).join(' · ')}
      </Text>
      <Group gap={4} mt={6}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconCheck size={13} aria-hidden />}
          onClick={() => review.decide([member], 'keep')}
        >
          {t.review.keep}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconX size={13} aria-hidden />}
          onClick={() => review.decide([member], 'drop')}
        >
          {t.review.drop}
        </Button>
      </Group>
    </div>
  );
}
