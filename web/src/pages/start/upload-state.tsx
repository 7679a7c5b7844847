import { Progress, Text } from '@mantine/core';
import type { UploadProgress } from '../../api/build';
import { useSpeech } from '../../texts/texts';

export function UploadState({ upload }: { upload: UploadProgress }) {
  const { t } = useSpeech();
  return (
    <div role="status">
      <Progress
        value={(100 * upload.sent) / Math.max(1, upload.total)}
        aria-label={t.start.uploading}
        mb={4}
      />
      <Text size="xs" c="dimmed">
        {t.start.uploaded(upload.sent, upload.total, upload.rejected)}
      </Text>
    </div>
  );
}
