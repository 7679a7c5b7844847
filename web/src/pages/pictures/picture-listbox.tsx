import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Picture } from '../../api/client';
import { moved, moveOf, type Decisions } from '../../lib/review';
import { useSpeech } from '../../texts/texts';
import { Tile, type PickEvent } from './tile';
import styles from './grid.module.css';

const GAP = 8;
const ROWS_BEYOND = 3;

export interface ListboxProps {
  readonly total: number;
  readonly at: (index: number) => Picture | null;
  readonly active: number;
  readonly selected: ReadonlyMap<string, Picture>;
  readonly decisions: Decisions;
  /** Side of a tile in pixels, about. */
  readonly tile: number;
  readonly onRange: (first: number, last: number) => void;
  readonly onActive: (index: number, extend: boolean) => void;
  readonly onPick: (index: number, event: PickEvent) => void;
  readonly onOpen: (index: number) => void;
  /** Every key that does not move. */
  readonly onKey: (event: KeyboardEvent) => void;
  readonly children?: ReactNode;
}

/** A list of any length as rows of tiles; only the rows in view exist. One tab stop; arrows go from tile to tile. */
export function PictureListbox(props: ListboxProps) {
  const { total, active, onRange, onActive, onKey, children } = props;
  const { t } = useSpeech();
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const ref = useMergedRef(scroller, sizeRef);
  const columns = Math.max(2, Math.floor((width - GAP) / (props.tile + GAP)));
  const side = Math.max(props.tile / 2, (width - GAP * (columns + 1)) / columns);
  const rows = useVirtualizer({
    count: width > 0 ? Math.ceil(total / columns) : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => side + GAP,
    overscan: ROWS_BEYOND,
  });
  const shown = rows.getVirtualItems();
  const first = (shown[0]?.index ?? 0) * columns;
  const last = ((shown.at(-1)?.index ?? 0) + 1) * columns - 1;
  useEffect(() => onRange(first, last), [onRange, first, last]);
  useEffect(() => rows.measure(), [rows, side]);
  useEffect(() => {
    rows.scrollToIndex(Math.floor(active / columns), { align: 'auto' });
  }, [rows, active, columns]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moveOf(event.key);
    if (!move || event.altKey || event.metaKey) {
      onKey(event);
      return;
    }
    event.preventDefault();
    const height = scroller.current?.clientHeight ?? 0;
    const page = { columns, rows: Math.max(1, Math.floor(height / (side + GAP))), total };
    if (total > 0) onActive(moved(active, move, page), event.shiftKey);
  };
  return (
    <div
      ref={ref}
      className={styles.scroller}
      role="listbox"
      aria-multiselectable
      aria-label={t.pictures.grid}
      aria-activedescendant={total > 0 ? `tile-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {children}
      <div className={styles.inner} style={{ height: rows.getTotalSize() + GAP }} role="presentation">
        {shown.map((row) => (
          <div
            key={row.key}
            className={styles.row}
            role="presentation"
            style={{
              transform: `translateY(${row.start}px)`,
              height: row.size,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            <Row {...props} first={row.index * columns} columns={columns} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Row(props: ListboxProps & { first: number; columns: number }) {
  const { first, columns, total, at, decisions, selected, active, onPick, onOpen } = props;
  const count = Math.min(columns, total - first);
  return Array.from({ length: Math.max(0, count) }, (_, column) => {
    const index = first + column;
    const picture = at(index);
    return (
      <Tile
        key={index}
        index={index}
        total={total}
        picture={picture}
        said={picture?.sha256 ? (decisions.get(picture.sha256) ?? null) : null}
        active={index === active}
        selected={picture !== null && selected.has(picture.id)}
        onPick={onPick}
        onOpen={onOpen}
      />
    );
  });
}
