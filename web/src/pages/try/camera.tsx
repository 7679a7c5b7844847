import { useEffect, useRef, useState } from 'react';
import { Alert, Button, Group, Stack } from '@mantine/core';
import { useSpeech } from '../../texts/texts';

interface CameraProps {
  readonly onPicture: (picture: Blob | null) => void;
  readonly onClose: () => void;
}

/** The camera of the machine, the one that looks away from its owner where there are two. Let go as soon as it is not needed. */
export function Camera({ onPicture, onClose }: CameraProps) {
  const { t } = useSpeech();
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let gone = false;
    const start = async (): Promise<void> => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (gone) stream.getTracks().forEach((track) => track.stop());
      else if (video.current) video.current.srcObject = stream;
    };
    start().catch(() => setRefused(true));
    return () => {
      gone = true;
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  if (refused)
    return (
      <Alert color="yellow" variant="light" title={t.try.noCamera}>
        {t.try.noCameraText}
      </Alert>
    );
  return (
    <Stack gap="xs" h="100%" align="center" style={{ minHeight: 0 }}>
      <video ref={video} autoPlay playsInline muted aria-label={t.try.cameraView} style={{ flex: 1 }} />
      <Group gap="xs">
        <Button size="sm" onClick={() => video.current && snap(video.current, onPicture)}>
          {t.try.snap}
        </Button>
        <Button size="sm" variant="default" onClick={onClose}>
          {t.pictures.close}
        </Button>
      </Group>
    </Stack>
  );
}

function snap(video: HTMLVideoElement, onPicture: (picture: Blob | null) => void): void {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  canvas.toBlob(onPicture, 'image/jpeg', 0.92);
}
