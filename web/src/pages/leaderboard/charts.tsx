import { Button, Group, Text } from '@mantine/core';
import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  ErrorBar,
  Legend,
  Line,
  LineChart,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { Report } from '../../api/client';
import {
  bestOfHeads,
  depthLines,
  depthOf,
  paretoFront,
  sameTrial,
  shortTap,
  type Scored,
} from '../../lib/board';
import { useSpeech } from '../../texts/texts';
import { useChartLook } from './chart-look';

interface ChartProps {
  readonly trials: readonly Scored[];
  readonly selected: Report['selected'] | null;
  /** The backbone whose intervals are shown. */
  readonly focus: string | null;
  readonly onFocus: (backbone: string) => void;
}

export function BoardChart({ chart, ...props }: ChartProps & { chart: 'depth' | 'latency' | 'heads' }) {
  const { t } = useSpeech();
  return (
    <figure style={{ margin: 0 }} aria-label={t.board.charts[chart]}>
      {chart === 'depth' && <DepthChart {...props} />}
      {chart === 'latency' && <LatencyChart {...props} />}
      {chart === 'heads' && <HeadsChart {...props} />}
      <figcaption>
        <Text size="xs" c="dimmed" mt="xs">
          {t.board.chartNote}
        </Text>
      </figcaption>
    </figure>
  );
}

const errors = ({ validation: { accuracy, interval } }: Scored): [number, number] => [
  accuracy - (interval[0] ?? accuracy),
  (interval[1] ?? accuracy) - accuracy,
];

const toPoint = (trial: Scored) => ({
  depth: depthOf(trial.tap),
  tap: trial.tap,
  accuracy: trial.validation.accuracy,
  error: errors(trial),
});

/** The lowest value that an axis has to show, so that differences can be seen. */
const floorOf = (trials: readonly Scored[]): number =>
  Math.max(
    0,
    Math.floor(10 * Math.min(1, ...trials.map(({ validation }) => validation.interval[0] ?? 0))) / 10,
  );

/** One line a backbone; the one that is looked at has its intervals, for all of them at once would be a thicket. */
function DepthChart({ trials, focus, onFocus }: ChartProps) {
  const { t, f } = useSpeech();
  const look = useChartLook();
  const lines = depthLines(trials);
  return (
    <>
      <Group gap={6} mb="sm" role="group" aria-label={t.board.intervalsOf}>
        {lines.map(({ backbone }, index) => (
          <Button
            key={backbone}
            size="compact-sm"
            variant={backbone === focus ? 'light' : 'subtle'}
            color="gray"
            c="var(--mantine-color-text)"
            aria-pressed={backbone === focus}
            onClick={() => onFocus(backbone)}
            leftSection={<Swatch color={look.colorOf(index)} />}
          >
            {backbone}
          </Button>
        ))}
      </Group>
      <ResponsiveContainer width="100%" height={360}>
        <LineChart margin={{ top: 8, right: 16, bottom: 20, left: 0 }} accessibilityLayer>
          <CartesianGrid stroke="var(--graft-line)" vertical={false} />
          <XAxis
            dataKey="depth"
            type="number"
            domain={['dataMin', 'dataMax']}
            allowDecimals={false}
            tickCount={10}
            label={{ value: t.board.depth, ...look.below }}
            {...look.axis}
          />
          <YAxis domain={[floorOf(trials), 1]} tickFormatter={look.percent} width={52} {...look.axis} />
          <Tooltip
            {...look.tooltip}
            labelFormatter={(depth) => t.board.atDepth(Number(depth))}
            formatter={(value) => f.percent(Number(value))}
          />
          {lines.map(({ backbone, points }, index) => {
            const color = look.colorOf(index);
            const looked = backbone === focus;
            return (
              <Line
                key={backbone}
                name={backbone}
                data={points.map(toPoint)}
                dataKey="accuracy"
                stroke={color}
                strokeWidth={looked ? 3 : 1.5}
                strokeOpacity={looked ? 1 : 0.55}
                dot={looked ? { r: 4, fill: color } : false}
                isAnimationActive={false}
              >
                {looked && (
                  <ErrorBar
                    dataKey="error"
                    stroke={color}
                    strokeOpacity={0.6}
                    width={4}
                    isAnimationActive={false}
                  />
                )}
              </Line>
            );
          })}
        </LineChart>
      </ResponsiveContainer>
    </>
  );
}

function Swatch({ color }: { color: string }) {
  return (
    <span
      aria-hidden
      style={{ width: 14, height: 4, borderRadius: 2, background: color, display: 'block' }}
    />
  );
}

function LatencyChart({ trials, selected }: ChartProps) {
  const { t, f } = useSpeech();
  const look = useChartLook();
  const toXy = (trial: Scored) => ({
    latency: trial.cost.latencyMs ?? 0,
    accuracy: trial.validation.accuracy,
    name: `${trial.backbone} ${shortTap(trial.tap)} ${trial.head}`,
  });
  const timed = trials.filter(({ cost }) => cost.latencyMs !== null);
  if (timed.length === 0) return <Text c="dimmed">{t.board.untimed}</Text>;
  const won = selected ? timed.filter((trial) => sameTrial(trial, selected)) : [];
  return (
    <ResponsiveContainer width="100%" height={380}>
      <ScatterChart margin={{ top: 8, right: 16, bottom: 20, left: 0 }} accessibilityLayer>
        <CartesianGrid stroke="var(--graft-line)" />
        <XAxis
          dataKey="latency"
          type="number"
          scale="log"
          domain={['auto', 'auto']}
          name={t.board.latency}
          tickFormatter={(value: number) => f.latency(value)}
          label={{ value: t.board.latency, ...look.below }}
          {...look.axis}
        />
        <YAxis
          dataKey="accuracy"
          type="number"
          name={t.board.validation}
          domain={[floorOf(trials), 1]}
          tickFormatter={look.percent}
          width={52}
          {...look.axis}
        />
        <Tooltip
          {...look.tooltip}
          formatter={(value, name) =>
            name === t.board.latency ? f.latency(Number(value)) : f.percent(Number(value))
          }
        />
        <Legend verticalAlign="top" height={36} />
        <Scatter
          name={t.board.allTrials}
          data={timed.map(toXy)}
          fill={look.colorOf(5)}
          fillOpacity={0.45}
          isAnimationActive={false}
        />
        <Scatter
          name={t.board.front}
          data={paretoFront(timed).map(toXy)}
          fill={look.colorOf(1)}
          line={{ stroke: look.colorOf(1), strokeWidth: 2 }}
          isAnimationActive={false}
        />
        <Scatter
          name={t.board.chosen}
          data={won.map(toXy)}
          fill={look.colorOf(2)}
          shape="star"
          isAnimationActive={false}
        />
      </ScatterChart>
    </ResponsiveContainer>
  );
}

function HeadsChart({ trials, selected }: ChartProps) {
  const { t, f } = useSpeech();
  const look = useChartLook();
  const data = bestOfHeads(trials).map((trial) => ({
    head: trial.head,
    accuracy: trial.validation.accuracy,
    error: errors(trial),
  }));
  return (
    <ResponsiveContainer width="100%" height={Math.max(160, 64 * data.length + 40)}>
      <BarChart
        data={data}
        layout="vertical"
        margin={{ top: 8, right: 24, bottom: 8, left: 8 }}
        accessibilityLayer
      >
        <CartesianGrid stroke="var(--graft-line)" horizontal={false} />
        <XAxis type="number" domain={[0, 1]} tickFormatter={look.percent} {...look.axis} />
        <YAxis type="category" dataKey="head" width={84} {...look.axis} />
        <Tooltip
          {...look.tooltip}
          formatter={(value) => f.percent(Number(value))}
          cursor={{ fill: 'var(--graft-sunken)' }}
        />
        <Bar dataKey="accuracy" name={t.board.validation} barSize={26} radius={4} isAnimationActive={false}>
          {data.map(({ head }) => (
            <Cell key={head} fill={head === selected?.head ? look.colorOf(2) : look.colorOf(5)} />
          ))}
          <ErrorBar
            dataKey="error"
            stroke="var(--mantine-color-text)"
            width={6}
            direction="x"
            isAnimationActive={false}
          />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  );
}
