import type { Model } from '../../api/client';
import { PictureBox } from './picture-box';
import { TextBox } from './text-box';

const BOXES = { image: PictureBox, text: TextBox };

/** Takes what the model is about, and says what it is. */
export function TryBox({ model }: { model: Model }) {
  const Box = BOXES[model.modality];
  return <Box model={model} />;
}
