import {
  Area,
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  Legend,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { curveRows, type LearningCurve } from '../../lib/curve';
import { useSpeech } from '../../texts/texts';
import { useChartLook } from './chart-look';

/** Accuracy against the number of examples: measured so far, and what the curve through it foretells with its band. */
export function CurveChart({ curve }: { curve: LearningCurve }) {
  const { t, f } = useSpeech();
  const look = useChartLook();
  const rows = curveRows(curve);
  const lowest = Math.min(...rows.flatMap(({ measured, band }) => [measured ?? 1, band?.[0] ?? 1]));
  return (
    <figure style={{ margin: 0 }} aria-label={t.curve.chart}>
      <ResponsiveContainer width="100%" height={280}>
        <ComposedChart
          data={rows}
          margin={{ top: 8, right: 16, bottom: 20, left: 0 }}
          accessibilityLayer
          title={t.curve.chart}
        >
          <CartesianGrid stroke="var(--graft-line)" vertical={false} />
          <XAxis
            dataKey="perCategory"
            type="number"
            scale="log"
            domain={['dataMin', 'dataMax']}
            tickFormatter={(value: number) => f.number(Math.round(value))}
            label={{ value: t.curve.perCategory, ...look.below }}
            {...look.axis}
          />
          <YAxis
            domain={[Math.floor(10 * lowest) / 10, 1]}
            tickFormatter={look.percent}
            width={52}
            {...look.axis}
          />
          <Tooltip
            {...look.tooltip}
            labelFormatter={(value) => t.curve.at(Math.round(Number(value)))}
            formatter={(value) =>
              Array.isArray(value) ? f.interval(value.map(Number)) : f.percent(Number(value))
            }
          />
          <Legend verticalAlign="top" height={32} />
          <Area
            name={t.curve.band}
            dataKey="band"
            stroke="none"
            fill={look.colorOf(0)}
            fillOpacity={0.18}
            isAnimationActive={false}
            connectNulls
          />
          <Line
            name={t.curve.foretold}
            dataKey="foretold"
            stroke={look.colorOf(0)}
            strokeDasharray="6 5"
            strokeWidth={2}
            dot={false}
            isAnimationActive={false}
            connectNulls
          />
          <Line
            name={t.curve.measured}
            dataKey="measured"
            stroke={look.colorOf(2)}
            strokeWidth={2.5}
            dot={{ r: 4, fill: look.colorOf(2) }}
            isAnimationActive={false}
            connectNulls
          >
            <ErrorBar dataKey="deviation" stroke={look.colorOf(2)} strokeOpacity={0.6} width={4} />
          </Line>
        </ComposedChart>
      </ResponsiveContainer>
    </figure>
  );
}
