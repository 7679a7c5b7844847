import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { contentUrl } from '../api/client';
import { textAtQuery } from '../api/queries';
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
  if (useModality() === 'text')
    return <Excerpt url={sha256 === null ? null : contentUrl(id)} whole={whole} />;
  return <Thumb sha256={sha256} alt={alt} size={size} fit={whole ? 'contain' : 'cover'} />;
}

/** The beginning of a stored text; null: it is not stored yet. */
export function Excerpt({ url, whole = false }: { url: string | null; whole?: boolean }) {
  const text = useQuery({ ...textAtQuery(url ?? ''), enabled: url !== null });
  return (
    <div className="graft-excerpt" data-whole={whole} tabIndex={whole ? 0 : undefined}>
      <Text size="sm" lineClamp={whole ? undefined : 5}>
        {text.data ?? '…'}
      </Text>
    </div>
  );
}
