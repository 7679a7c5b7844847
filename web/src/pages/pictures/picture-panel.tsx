import {
  ActionIcon,
  Anchor,
  Badge,
  Button,
  Group,
  Skeleton,
  Stack,
  Text,
  Timeline,
  Title,
} from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconExternalLink, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { contentUrl, type Picture, type Schemas } from '../../api/client';
import { storyQuery } from '../../api/queries';
import { Item } from '../../parts/item';
import { Failure } from '../../parts/states';
import { useSpeech, wordOf } from '../../texts/texts';
import { webAddress } from './open-source';
import { saidText } from './tile';
import type { ViewProps } from './view-props';
import { toChapters } from './chapters';

type Story = Schemas['ImageStoryDto'];

export interface PanelProps extends Pick<ViewProps, 'review' | 'categories' | 'change'> {
  readonly imageId: string;
  /** Inside a drawer, which has its own frame and heading. */
  readonly plain?: boolean;
}

/** One picture and everything that is known of it. */
export function PicturePanel(props: PanelProps) {
  const { imageId, plain = false, change } = props;
  const { t } = useSpeech();
  const story = useQuery(storyQuery(imageId));
  const body = story.data ? (
    <StoryOf {...props} story={story.data} />
  ) : story.isError ? (
    <Failure error={story.error} retry={() => void story.refetch()} />
  ) : (
    <Skeleton height={420} radius="md" />
  );
  if (plain) return body;
  return (
    <aside
      className="graft-surface"
      aria-label={t.pictures.story}
      style={{ padding: '1rem', maxHeight: 'calc(100dvh - 17.5rem)', overflowY: 'auto' }}
      tabIndex={0}
    >
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Title order={2}>{t.pictures.story}</Title>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t.pictures.close}
          onClick={() => change({ picture: undefined }, true)}
        >
          <IconX size={18} aria-hidden />
        </ActionIcon>
      </Group>
      {body}
    </aside>
  );
}

function StoryOf({ story, review }: PanelProps & { story: Story }) {
  const { t, f } = useSpeech();
  const { image } = story;
  const said = image.sha256 ? review.decisions.get(image.sha256) : undefined;
  return (
    <Stack gap="sm">
      <Item id={image.id} sha256={image.sha256} alt={image.title ?? image.query} size={384} whole />
      <Group gap="xs">
        <Badge variant="light" tt="none" size="lg">
          {image.category}
        </Badge>
        <Badge variant="light" color={image.state === 'dropped' ? 'red' : 'gray'} tt="none" size="lg">
          {image.reason ? wordOf(t.reasons, image.reason) : t.pictureStates[image.state]}
        </Badge>
        {said && (
          <Badge variant="filled" color={said.action === 'drop' ? 'red.9' : 'leaf'} tt="none" size="lg">
            {saidText(said, t)}
          </Badge>
        )}
      </Group>
      <Group gap={6}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCheck size={15} aria-hidden />}
          onClick={() => review.decide([image], 'keep')}
        >
          {t.review.keep}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconX size={15} aria-hidden />}
          onClick={() => review.decide([image], 'drop')}
        >
          {t.review.drop}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowBackUp size={15} aria-hidden />}
          disabled={!review.canUndo}
          onClick={() => review.undo()}
        >
          {t.review.undo}
        </Button>
      </Group>
      <SourceOf image={image} />
      <Timeline bulletSize={14} lineWidth={2} active={99} mt="xs">
        {toChapters(story, t, f).map(({ key, title, text, bad }) => (
          <Timeline.Item
            key={key}
            title={title}
            color={bad ? 'red' : undefined}
            styles={{ itemTitle: { fontSize: 14 } }}
          >
            {text.map((line) => (
              <Text key={line} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {line}
              </Text>
            ))}
          </Timeline.Item>
        ))}
      </Timeline>
    </Stack>
  );
}

function SourceOf({ image }: { image: Picture }) {
  const { t } = useSpeech();
  const page = webAddress(image.pageUrl);
  const file = webAddress(image.imageUrl);
  const licence = webAddress(image.licenceUrl);
  return (
    <Stack gap={2}>
      {image.title && (
        <Text size="sm" fw={550} lineClamp={2}>
          {image.title}
        </Text>
      )}
      {image.creator && (
        <Text size="xs" c="dimmed">
          {t.pictures.by(image.creator)}
        </Text>
      )}
      <Group gap="md">
        {page && <Outward href={page}>{t.pictures.page}</Outward>}
        {file && <Outward href={file}>{t.pictures.file}</Outward>}
        {licence ? (
          <Outward href={licence}>{image.licence ?? t.pictures.licence}</Outward>
        ) : (
          <Text size="sm" c="dimmed">
            {image.licence ?? t.pictures.noLicence}
          </Text>
        )}
        {image.sha256 && <Outward href={contentUrl(image.id)}>{t.pictures.original}</Outward>}
      </Group>
    </Stack>
  );
}

function Outward({ href, children }: { href: string; children: string }) {
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" size="sm" underline="always">
      {children} <IconExternalLink size={12} aria-hidden />
    </Anchor>
  );
}
