import { Anchor, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Model } from '../../api/client';

/** The files of the package, each to be downloaded. */
export function PackageCard({ model }: { model: Model }) {
  return (
    <Stack component="ul" gap={4} m={0} p={0} style={{ listStyle: 'none' }}>
      {model.files.map((file) => (
        <li key={file}>
          <Anchor
            href={`/api/models/${model.id}/package/${encodeURIComponent(file)}`}
            download={file}
            size="sm"
          >
            <IconDownload size={14} aria-hidden style={{ verticalAlign: -2 }} /> {file}
          </Anchor>
        </li>
      ))}
    </Stack>
  );
}
