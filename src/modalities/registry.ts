import { image } from './image.js';
import type { Modality, ModalityId } from './modality.js';
import { text } from './text.js';

/** The modalities, one line each. */
export const modalities: Readonly<Record<ModalityId, Modality>> = { image, text };
