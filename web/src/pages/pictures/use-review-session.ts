import { useState } from 'react';
import type { Picture } from '../../api/client';
import type { Said } from '../../lib/review';
import { useSpeech } from '../../texts/texts';
import type { PickEvent } from './tile';
import type { Review } from './use-review';

interface SessionProps {
  readonly review: Review;
  readonly total: number;
  readonly at: (index: number) => Picture | null;
}

export interface Session {
  readonly active: number;
  readonly selected: ReadonlyMap<string, Picture>;
  /** The last thing that happened, for a screen reader. */
  readonly spoken: string;
  readonly goTo: (index: number, extend?: boolean) => void;
  readonly pick: (index: number, event: PickEvent) => void;
  readonly select: (pictures: readonly Picture[]) => void;
  readonly decide: (action: Said['action'], category?: string) => void;
  readonly undo: () => void;
  readonly reset: () => void;
}

const NOTHING: ReadonlyMap<string, Picture> = new Map();

/** Where a person is in the list, what they have picked, and what they decide about it. */
export function useReviewSession({ review, total, at }: SessionProps): Session {
  const { t } = useSpeech();
  const [active, setActive] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const [selected, setSelected] = useState(NOTHING);
  const [spoken, setSpoken] = useState('');
  const select = (pictures: readonly Picture[]): void => {
    setSelected(new Map(pictures.map((picture) => [picture.id, picture])));
    setSpoken(t.review.selected(pictures.length));
  };
  const between = (from: number, to: number): Picture[] =>
    Array.from({ length: Math.abs(to - from) + 1 }, (_, step) => at(Math.min(from, to) + step)).filter(
      (picture) => picture !== null,
    );
  const goTo = (index: number, extend = false): void => {
    setActive(index);
    if (extend) select(between(anchor, index));
    else setAnchor(index);
  };
  return {
    active,
    selected,
    spoken,
    goTo,
    select,
    pick: (index, { extend, toggle }) => {
      const picture = at(index);
      if (toggle && picture) {
        const next = new Map(selected);
        if (!next.delete(picture.id)) next.set(picture.id, picture);
        select([...next.values()]);
      } else if (!extend && selected.size > 0) setSelected(NOTHING);
      goTo(index, extend);
    },
    decide: (action, category) => {
      const picture = at(active);
      const pictures = selected.size > 0 ? [...selected.values()] : picture ? [picture] : [];
      const decided = review.decide(pictures, action, category);
      if (decided === 0) return;
      setSpoken(t.review.did(action, decided, category ?? ''));
      if (selected.size > 0) setSelected(NOTHING);
      else if (active + 1 < total) goTo(active + 1);
    },
    undo: () => {
      const step = review.undo();
      setSpoken(step ? t.review.undone(step.before.length) : t.review.nothingToUndo);
    },
    reset: () => {
      setActive(0);
      setSelected(NOTHING);
    },
  };
}
