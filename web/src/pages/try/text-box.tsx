import { useState } from 'react';
import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconSend } from '@tabler/icons-react';
import type { Model } from '../../api/client';
import { predictText } from '../../api/predict';
import { useSpeech } from '../../texts/texts';
import { Feedback } from './feedback';
import { PredictionView } from './prediction-view';
import { Refused } from './refused';
import styles from './try.module.css';

/** Takes a text, typed or pasted, and says which label it has. Control and Enter ask, too. */
export function TextBox({ model }: { model: Model }) {
  const { t } = useSpeech();
  const [text, setText] = useState('');
  const predicting = useMutation({
    mutationFn: (asked: string) => predictText(model.id, asked),
    onError: () => undefined,
  });
  const ask = (): void => {
    if (text.trim() !== '') predicting.mutate(text);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Stack gap="md">
        <Textarea
          label={t.try.yourText}
          placeholder={t.try.textExample}
          autosize
          minRows={4}
          maxRows={14}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) ask();
          }}
        />
        <Button
          type="submit"
          leftSection={<IconSend size={17} aria-hidden />}
          disabled={text.trim() === ''}
          loading={predicting.isPending}
          style={{ alignSelf: 'flex-start' }}
        >
          {t.try.ask}
        </Button>
        <div aria-live="polite" className={styles.result}>
          {predicting.isPending && <Text c="dimmed">{t.try.looking}</Text>}
          {predicting.error && <Refused error={predicting.error} />}
          {predicting.data && (
            <PredictionView prediction={predicting.data}>
              <Feedback
                key={predicting.variables}
                model={model}
                prediction={predicting.data}
                what={predicting.variables}
              />
            </PredictionView>
          )}
        </div>
      </Stack>
    </form>
  );
}
