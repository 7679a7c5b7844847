import { z } from 'zod';

const number3 = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** An input as it is kept in files of this machine. */
export const inputSpecSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  layout: z.enum(['nhwc', 'nchw']),
  channels: z.enum(['rgb', 'bgr']),
  scale: z.number(),
  mean: number3,
  std: number3,
  resize: z.enum(['squish', 'crop']),
  cropShare: z.number().optional(),
  kernel: z.enum(['cubic', 'linear', 'lanczos3']),
});
