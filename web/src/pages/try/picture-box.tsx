import { useEffect, useRef, useState, type RefObject } from 'react';
import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { IconCamera, IconClipboard, IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { Model } from '../../api/client';
import { predict } from '../../api/predict';
import { useStable } from '../../lib/use-stable';
import { useSpeech } from '../../texts/texts';
import { Camera } from './camera';
import { Feedback } from './feedback';
import { PredictionView } from './prediction-view';
import { Refused } from './refused';
import styles from './try.module.css';

/** Takes a picture in any of the ways people have one, and says what it is. */
export function PictureBox({ model }: { model: Model }) {
  const { t } = useSpeech();
  const [picture, setPicture] = useState<{ blob: Blob; url: string } | null>(null);
  const [filming, setFilming] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const predicting = useMutation({
    mutationFn: ({ blob, heat }: { blob: Blob; heat: boolean }) => predict(model.id, blob, heat),
    onError: () => undefined,
  });
  const [heat, setHeat] = useState(false);
  const take = useStable((blob: Blob | null | undefined) => {
    if (!blob) return;
    if (picture) URL.revokeObjectURL(picture.url);
    setPicture({ blob, url: URL.createObjectURL(blob) });
    setFilming(false);
    predicting.mutate({ blob, heat });
  });
  const showHeat = (next: boolean): void => {
    setHeat(next);
    if (picture && next) predicting.mutate({ blob: picture.blob, heat: next });
  };
  const heatmap = heat ? predicting.data?.heatmap : undefined;
  usePaste(take);
  return (
    <Stack gap="md">
      <DropStage
        picture={heatmap?.png ?? picture?.url ?? null}
        alt={heatmap ? t.try.heat(heatmap.label) : t.try.yours}
        input={input}
        onPicture={take}
      >
        {filming && <Camera onPicture={take} onClose={() => setFilming(false)} />}
      </DropStage>
      <Group gap="xs">
        <Button leftSection={<IconUpload size={17} aria-hidden />} onClick={() => input.current?.click()}>
          {t.try.choose}
        </Button>
        <Button
          variant="default"
          leftSection={<IconCamera size={17} aria-hidden />}
          aria-pressed={filming}
          onClick={() => setFilming(!filming)}
        >
          {t.try.camera}
        </Button>
        <Text size="sm" c="dimmed">
          <IconClipboard size={14} aria-hidden style={{ verticalAlign: -2 }} /> {t.try.paste}
        </Text>
        <Switch
          ml="auto"
          label={t.try.showHeat}
          checked={heat}
          onChange={(event) => showHeat(event.currentTarget.checked)}
        />
      </Group>
      {heatmap && (
        <Text size="sm" c="dimmed">
          {t.try.heatMeans(heatmap.label)}
        </Text>
      )}
      <div aria-live="polite" className={styles.result}>
        {predicting.isPending && <Text c="dimmed">{t.try.looking}</Text>}
        {predicting.error && <Refused error={predicting.error} />}
        {predicting.data && picture && (
          <PredictionView prediction={predicting.data}>
            <Feedback model={model} prediction={predicting.data} what={picture.blob} />
          </PredictionView>
        )}
      </div>
    </Stack>
  );
}

/** A picture on the clipboard is taken wherever on the page it is pasted. */
function usePaste(take: (blob: Blob | null | undefined) => void): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void =>
      take([...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/')));
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [take]);
}

interface DropStageProps {
  readonly picture: string | null;
  readonly alt: string;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onPicture: (blob: Blob | null | undefined) => void;
  readonly children: React.ReactNode;
}

function DropStage({ picture, alt, input, onPicture, children }: DropStageProps) {
  const { t } = useSpeech();
  const [over, setOver] = useState(false);
  return (
    <div
      className={styles.stage}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onPicture(event.dataTransfer.files[0]);
      }}
    >
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={t.try.choose}
        onChange={(event) => {
          onPicture(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      {children || (picture ? <img src={picture} alt={alt} /> : <Text c="dimmed">{t.try.drop}</Text>)}
    </div>
  );
}
