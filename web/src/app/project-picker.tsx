import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { projectsQuery } from '../api/queries';
import { useSpeech } from '../texts/texts';

/** Takes a person to another project, whatever page they are on. */
export function ProjectPicker({ projectId }: { projectId: string | null }) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery());
  const options = (projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (options.length === 0) return null;
  return (
    <Select
      aria-label={t.shell.project}
      data={options}
      value={projectId}
      allowDeselect={false}
      searchable={options.length > 8}
      comboboxProps={{ shadow: 'md' }}
      onChange={(id) => {
        if (id) void navigate({ to: '/projects/$projectId/models', params: { projectId: id } });
      }}
    />
  );
}
