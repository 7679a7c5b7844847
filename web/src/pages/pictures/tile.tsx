import { memo, useState, type ReactNode } from 'react';
import { IconPhotoOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { thumbnailUrl, type Picture } from '../../api/client';
import { textQuery } from '../../api/queries';
import type { Said } from '../../lib/review';
import type { Texts } from '../../texts/en';
import { useModality, useSpeech, wordOf } from '../../texts/texts';
import styles from './grid.module.css';

export interface PickEvent {
  readonly extend: boolean;
  readonly toggle: boolean;
}

interface TileProps {
  readonly picture: Picture | null;
  readonly said: Said | null;
  readonly index: number;
  readonly total: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onPick: (index: number, event: PickEvent) => void;
  readonly onOpen: (index: number) => void;
}

/** One picture or text of the grid. It is drawn thousands of times while scrolling: plain elements, no component library. */
export const Tile = memo(function Tile(props: TileProps) {
  const { picture } = props;
  const isText = useModality() === 'text';
  if (isText && picture?.sha256) return <TextTile key={picture.id} {...props} id={picture.id} />;
  return (
    <Frame {...props} words={null}>
      {picture && <TilePicture key={picture.sha256} sha256={picture.sha256} />}
    </Frame>
  );
});

function TextTile({ id, ...props }: TileProps & { id: string }) {
  const words = useQuery(textQuery(id)).data ?? '…';
  return (
    <Frame {...props} words={words}>
      <div className={styles.page}>
        <p className={styles.words}>{words}</p>
      </div>
    </Frame>
  );
}

interface FrameProps extends TileProps {
  /** What can be read on it, which belongs to its name. */
  readonly words: string | null;
  readonly children: ReactNode;
}

function Frame(props: FrameProps) {
  const { picture, said, index, total, active, selected, onPick, onOpen, words, children } = props;
  const { t } = useSpeech();
  return (
    <div
      id={`tile-${index}`}
      role="option"
      aria-selected={selected}
      aria-setsize={total}
      aria-posinset={index + 1}
      aria-label={picture ? describe(picture, said, words, t) : t.states.loading}
      className={styles.tile}
      data-active={active}
      data-dim={picture !== null && isOut(picture, said)}
      onClick={(event) => onPick(index, { extend: event.shiftKey, toggle: event.ctrlKey || event.metaKey })}
      onDoubleClick={() => onOpen(index)}
    >
      {children}
      {picture && <Captions picture={picture} said={said} />}
    </div>
  );
}

function TilePicture({ sha256 }: { sha256: string | null }) {
  const [failed, setFailed] = useState(false);
  if (sha256 === null || failed)
    return (
      <div className={styles.fallback}>
        <IconPhotoOff size={26} stroke={1.4} aria-hidden />
      </div>
    );
  return <img src={thumbnailUrl(sha256, 192)} alt="" decoding="async" onError={() => setFailed(true)} />;
}

const isOut = (picture: Picture, said: Said | null): boolean =>
  said ? said.action === 'drop' : picture.state === 'dropped';

function Captions({ picture, said }: { picture: Picture; said: Said | null }) {
  const { t } = useSpeech();
  return (
    <div className={styles.caption}>
      {said && (
        <span className={styles.chip} data-tone={said.action === 'drop' ? 'bad' : 'good'}>
          {saidText(said, t)}
        </span>
      )}
      {!said && picture.reason && (
        <span className={styles.chip} data-tone="bad">
          {wordOf(t.reasons, picture.reason)}
        </span>
      )}
      {!said && picture.doubt && (
        <span className={styles.chip} data-tone="warn">
          {doubtText(picture.doubt, picture.suggestedCategory, t)}
        </span>
      )}
    </div>
  );
}

const doubtText = (doubt: NonNullable<Picture['doubt']>, suggested: string | null, t: Texts): string =>
  suggested === null ? t.pictures.doubts[doubt] : t.pictures.rather(suggested);

export const saidText = ({ action, category }: Said, t: Texts): string =>
  action === 'move' ? t.review.movedTo(category ?? '') : action === 'keep' ? t.review.kept : t.review.dropped;

/** Begins with what can be read on it, if anything, for whoever speaks to the page says what they see. */
function describe(picture: Picture, said: Said | null, words: string | null, t: Texts): string {
  const state = said ? saidText(said, t) : t.pictureStates[picture.state];
  const reason = picture.reason && !said ? wordOf(t.reasons, picture.reason) : null;
  const doubt = picture.doubt && !said ? doubtText(picture.doubt, picture.suggestedCategory, t) : null;
  const { category, title, provider } = picture;
  const story =
    words === null
      ? [category, title, state, reason, doubt, provider]
      : [
          [words, said && state, reason, doubt].filter(Boolean).join(' '),
          category,
          title,
          !said && state,
          provider,
        ];
  return story.filter(Boolean).join(', ');
}
