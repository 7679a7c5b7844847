import { useComputedColorScheme } from '@mantine/core';
import { useSpeech } from '../../texts/texts';

/** Told apart by people who see few colours, too (Okabe and Ito 2008), darkened for a light page. */
const COLORS = {
  light: ['#0072b2', '#b34700', '#00805f', '#a3477f', '#8a6d00', '#3f6f8f', '#444444'],
  dark: ['#56b4e9', '#ff9d57', '#3fd0a4', '#e79cc8', '#f0e442', '#9ac7e0', '#cccccc'],
} as const;

/** What all charts look like, in the colours of the page. */
export function useChartLook() {
  const scheme = useComputedColorScheme('light');
  const { f } = useSpeech();
  const ink = 'var(--mantine-color-dimmed)';
  return {
    colorOf: (index: number): string => COLORS[scheme][index % COLORS[scheme].length] ?? ink,
    below: { position: 'insideBottom', offset: -10, fill: ink, fontSize: 12 } as const,
    axis: { stroke: ink, tick: { fill: ink, fontSize: 12 }, tickLine: false } as const,
    percent: (value: number) => f.percent(value, 0),
    tooltip: {
      contentStyle: {
        background: 'var(--graft-surface)',
        border: '1px solid var(--graft-line)',
        borderRadius: 8,
        fontSize: 13,
        color: 'var(--mantine-color-text)',
      },
      isAnimationActive: false,
    } as const,
  };
}
