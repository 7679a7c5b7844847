import { openClassifier, type Classifier } from '../../../zoo/index.js';
import {
  askNetworks,
  SAFETY_NETWORKS,
  type JudgeSafety,
  type SafetyClasses,
} from '../../dataset/inspect/safety.js';
import type { Report } from './child.js';
import { installAll } from './features-task.js';
import type { SafetyTask } from './protocol.js';

async function classesOf({ labels, run }: Classifier, pixels: Uint8Array): Promise<SafetyClasses> {
  const { data } = await run([pixels]);
  return Object.fromEntries(labels.map((label, i) => [label, data[i] as number]));
}

/** Opens the safety networks. */
export async function openSafety(task: SafetyTask, report: Report): Promise<JudgeSafety> {
  const networks: { id: string; classifier: Classifier }[] = [];
  for (const backbone of await installAll({ ...task, backbones: SAFETY_NETWORKS }, report))
    networks.push({
      id: backbone.card.id,
      classifier: await openClassifier(backbone, task.threads ?? undefined),
    });
  return (pixels) =>
    askNetworks(networks.map(({ id, classifier }) => ({ id, ask: () => classesOf(classifier, pixels) })));
}
