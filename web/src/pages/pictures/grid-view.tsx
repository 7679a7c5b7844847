import { useMemo, useState, type KeyboardEvent } from 'react';
import { Button, Drawer, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconPhotoSearch } from '@tabler/icons-react';
import { Empty, Failure } from '../../parts/states';
import { useStable } from '../../lib/use-stable';
import type { Texts } from '../../texts/en';
import { useSpeech } from '../../texts/texts';
import { CLEARED, FilterBar } from './filter-bar';
import { KeyHelp } from './key-help';
import { MoveDialog } from './move-dialog';
import { openLicence, openPage } from './open-source';
import { PictureListbox } from './picture-listbox';
import { PicturePanel, type PanelProps } from './picture-panel';
import { ReviewBar } from './review-bar';
import { filterOf } from './search';
import { usePictures } from './use-pictures';
import { useReviewSession } from './use-review-session';
import type { ViewProps } from './view-props';
import styles from './grid.module.css';

/** All pictures of a filter as one long grid, and the keys to judge them with. */
export function GridView(props: ViewProps) {
  const { run, search, change, review, categories } = props;
  const { t } = useSpeech();
  const filter = useMemo(() => filterOf(search), [search]);
  const narrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const [range, setRange] = useState<readonly [number, number]>([0, 0]);
  const [total, setTotal] = useState(0);
  const pictures = usePictures(run.id, filter, ...range);
  // While a far page is on its way the length of the list is still known.
  if (pictures.total !== null && pictures.total !== total) setTotal(pictures.total);
  const session = useReviewSession({ review, total, at: pictures.at });
  const [filtered, setFiltered] = useState(filter);
  if (!sameFilter(filtered, filter)) {
    setFiltered(filter);
    session.reset();
  }
  const [moving, move] = useDisclosure(false);
  const [helping, help] = useDisclosure(false);
  const open = useStable((index: number) => {
    const picture = pictures.at(index);
    session.goTo(index);
    if (picture) change({ picture: picture.id === search.picture ? undefined : picture.id }, true);
  });
  const goTo = useStable((index: number, extend: boolean) => {
    session.goTo(index, extend);
    const picture = pictures.at(index);
    if (search.picture && picture) change({ picture: picture.id }, true);
  });
  const onKey = (event: KeyboardEvent): void => {
    const act = actOf(event, {
      ...props,
      t,
      session,
      open,
      openMove: move.open,
      openHelp: help.open,
      at: pictures.at,
    });
    if (!act) return;
    event.preventDefault();
    act();
  };
  const panel = search.picture ? { imageId: search.picture, review, categories, change } : null;
  return (
    <>
      <FilterBar {...props} />
      <ReviewBar
        {...props}
        filter={filter}
        session={session}
        total={pictures.total}
        onMove={move.open}
        onHelp={help.open}
      />
      <div className={styles.frame} data-open={panel !== null && !narrow}>
        <PictureListbox
          total={total}
          at={pictures.at}
          active={session.active}
          selected={session.selected}
          decisions={review.decisions}
          tile={narrow ? 104 : 148}
          onRange={useStable((first: number, last: number) => setRange([first, last]))}
          onActive={goTo}
          onPick={useStable(session.pick)}
          onOpen={open}
          onKey={onKey}
        >
          {pictures.error !== null && <Failure error={pictures.error} retry={pictures.retry} />}
          {pictures.total === 0 && (
            <Empty
              icon={IconPhotoSearch}
              title={t.pictures.none}
              action={
                <Button variant="default" onClick={() => change(CLEARED)}>
                  {t.pictures.clear}
                </Button>
              }
            >
              {t.pictures.noneText}
            </Empty>
          )}
        </PictureListbox>
        {!narrow && panel && <PicturePanel {...panel} />}
      </div>
      {narrow && <PanelDrawer panel={panel} close={() => change({ picture: undefined }, true)} />}
      <MoveDialog
        opened={moving}
        close={move.close}
        categories={categories}
        onMove={(to) => session.decide('move', to)}
      />
      <KeyHelp opened={helping} close={help.close} />
      <Text className="graft-visually-hidden" role="status">
        {session.spoken}
      </Text>
    </>
  );
}

/** On a narrow page the story comes from below. */
function PanelDrawer({ panel, close }: { panel: PanelProps | null; close: () => void }) {
  const { t } = useSpeech();
  return (
    <Drawer
      opened={panel !== null}
      onClose={close}
      position="bottom"
      size="88%"
      title={t.pictures.story}
      closeButtonProps={{ 'aria-label': t.pictures.close }}
    >
      {panel && <PicturePanel {...panel} plain />}
    </Drawer>
  );
}

const sameFilter = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);

interface Keyed extends ViewProps {
  readonly t: Texts;
  readonly session: ReturnType<typeof useReviewSession>;
  readonly open: (index: number) => void;
  readonly openMove: () => void;
  readonly openHelp: () => void;
  readonly at: ReturnType<typeof usePictures>['at'];
}

/** What a key does; null when it is no key of ours. */
function actOf(event: KeyboardEvent, keyed: Keyed): (() => void) | null {
  const { session, categories, change, search, at } = keyed;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const category = categories[Number(event.key) - 1];
  if (category !== undefined) return () => session.decide('move', category);
  const acts: Readonly<Record<string, () => void>> = {
    k: () => session.decide('keep'),
    d: () => session.decide('drop'),
    x: () => session.decide('drop'),
    m: keyed.openMove,
    u: session.undo,
    ' ': () => session.pick(session.active, { extend: false, toggle: true }),
    Enter: () => keyed.open(session.active),
    i: () => keyed.open(session.active),
    p: () => openPage(at(session.active), keyed.t),
    l: () => openLicence(at(session.active), keyed.t),
    Escape: () => (search.picture ? change({ picture: undefined }, true) : session.select([])),
    '?': keyed.openHelp,
  };
  return acts[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}
