import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '../api/client';
import { textQuery } from '../api/queries';
import { Thumb } from './thumb';

interface ItemProps {
  readonly id: string;
  readonly sha256: string | null;
  readonly alt: string;
  readonly modality: Run['settings']['modality'];
  readonly size?: 96 | 192 | 384;
}

/** What a model learnt from, small: a picture, or the beginning of a text. */
export function Item({ id, sha256, alt, modality, size = 192 }: ItemProps) {
  return modality === 'text' ? <Excerpt id={id} /> : <Thumb sha256={sha256} alt={alt} size={size} />;
}

function Excerpt({ id }: { id: string }) {
  const text = useQuery(textQuery(id));
  return (
    <Text
      size="sm"
      lineClamp={5}
      p="xs"
      className="graft-checker"
      style={{ borderRadius: 'var(--mantine-radius-md)', minHeight: '4.5rem', overflowWrap: 'anywhere' }}
    >
      {text.data ?? '…'}
    </Text>
  );
}
