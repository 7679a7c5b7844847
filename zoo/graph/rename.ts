import type { GraphNode, Model } from './model.js';

/** Whether every name of a network can be told: what stands inside the branches of If and the bodies of Loop is carried along unread. */
export const canBeRenamed = ({ nodes, functions }: Model): boolean =>
  functions.length === 0 &&
  !nodes.some(({ attributes }) => Object.values(attributes).some(({ kind }) => kind === 'graph'));

/** The network with other names for its tensors, constants and nodes. */
export function renameAll(model: Model, rename: (name: string) => string): Model {
  const own = (name: string): string => (name === '' ? '' : rename(name));
  const nodes = model.nodes.map((item): GraphNode => {
    return { ...item, name: own(item.name), inputs: item.inputs.map(own), outputs: item.outputs.map(own) };
  });
  const constants = new Map(
    [...model.constants].map(([name, tensor]) => [own(name), { ...tensor, name: own(name) }]),
  );
  return { ...model, nodes, constants };
}
