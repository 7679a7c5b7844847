import { useState } from 'react';
import { Center } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import { thumbnailUrl } from '../api/client';

interface ThumbProps {
  readonly sha256: string | null;
  readonly alt: string;
  readonly size?: 96 | 192 | 384;
  readonly fit?: 'cover' | 'contain';
}

/** A picture in a square whose place is taken before it is there; one that cannot be shown is a sign. */
export function Thumb({ sha256, alt, size = 192, fit = 'cover' }: ThumbProps) {
  const [failed, setFailed] = useState<string | null>(null);
  const shown = sha256 !== null && failed !== sha256;
  return (
    <div
      className="graft-checker"
      style={{
        aspectRatio: '1',
        width: '100%',
        overflow: 'hidden',
        borderRadius: 'var(--mantine-radius-md)',
      }}
    >
      {shown ? (
        <img
          src={thumbnailUrl(sha256, size)}
          alt={alt}
          width={size}
          height={size}
          decoding="async"
          onError={() => setFailed(sha256)}
          style={{ width: '100%', height: '100%', objectFit: fit, display: 'block' }}
        />
      ) : (
        <Center h="100%" c="dimmed" role={alt ? 'img' : undefined} aria-label={alt || undefined}>
          <IconPhotoOff size={24} stroke={1.4} aria-hidden />
        </Center>
      )}
    </div>
  );
}
