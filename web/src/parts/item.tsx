import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { textQuery } from '../api/queries';
import { useModality } from '../texts/texts';
import { Thumb } from './thumb';

interface ItemProps {
  readonly id: string;
  readonly sha256: string | null;
  readonly alt: string;
  readonly size?: 96 | 192 | 384;
  /** All of it, however long or wide. */
  readonly whole?: boolean;
}

/** What a model learns from: a picture, or a text of which the beginning is enough. */
export function Item({ id, sha256, alt, size = 192, whole = false }: ItemProps) {
  if (useModality() === 'text') return <Excerpt id={id} stored={sha256 !== null} whole={whole} />;
  return <Thumb sha256={sha256} alt={alt} size={size} fit={whole ? 'contain' : 'cover'} />;
}

function Excerpt({ id, stored, whole }: { id: string; stored: boolean; whole: boolean }) {
  const text = useQuery({ ...textQuery(id), enabled: stored });
  return (
    <div className="graft-excerpt" data-whole={whole} tabIndex={whole ? 0 : undefined}>
      <Text size="sm" lineClamp={whole ? undefined : 5}>
        {text.data ?? '…'}
      </Text>
    </div>
  );
}
