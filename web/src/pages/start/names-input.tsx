import { TagsInput } from '@mantine/core';
import { addNames, parseNames } from '../../lib/names';
import { useSpeech } from '../../texts/texts';

interface NamesInputProps {
  readonly names: readonly string[];
  readonly onChange: (names: string[]) => void;
  /** The categories of a project stay what they are. */
  readonly fixed: boolean;
}

/** Comma or enter ends a name; a pasted list becomes all of its names. */
export function NamesInput({ names, onChange, fixed }: NamesInputProps) {
  const { t } = useSpeech();
  return (
    <TagsInput
      aria-label={t.start.names}
      description={fixed ? undefined : t.start.namesHint}
      readOnly={fixed}
      placeholder={names.length === 0 ? t.start.namesExample : undefined}
      size="md"
      value={[...names]}
      splitChars={[',', ';', '、', '，']}
      acceptValueOnBlur
      onChange={(next) => onChange(addNames([], next.flatMap(parseNames)))}
      onPaste={(event) => {
        const pasted = parseNames(event.clipboardData.getData('text'));
        if (pasted.length < 2) return;
        event.preventDefault();
        onChange(addNames(names, pasted));
      }}
    />
  );
}
