import { z } from 'zod';

/** GET /api/images/{imageId}/measures */
export const measuresSchema = z.object({
  width: z.number().int(),
  height: z.number().int(),
  format: z.string(),
  bytes: z.number().int(),
  aspect: z.number(),
  brightness: z.number().describe('Mean grey level, 0..255'),
  deviation: z.number().describe('Standard deviation of the grey levels'),
  sharpness: z.number().describe('Variance of the Laplacian of the 128-pixel thumbnail'),
  colourfulness: z.number().describe('Hasler and Suesstrunk 2003'),
  flatShare: z.number().describe('Share of pixels like their left neighbour'),
  contentShare: z.number().optional().describe('Share of the area inside the plain border'),
  textShare: z.number().optional().describe('Share of the area that lines of text cover'),
  phash: z.string().describe('64-bit DCT hash'),
  dhash: z.string().describe('64-bit difference hash'),
  safety: z
    .object({
      unsafe: z.number().describe('Probability of pornography on which the networks that were asked agree'),
      classes: z
        .record(z.string(), z.record(z.string(), z.number()))
        .describe('Probabilities of the five classes, by network'),
    })
    .optional()
    .describe('Left out where nobody asked'),
});
export type MeasuresView = z.infer<typeof measuresSchema>;
