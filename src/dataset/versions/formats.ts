/** Formats an export may have; `csv` is the attribution alone. */
export const EXPORT_FORMATS = ['folders', 'zip', 'csv', 'webdataset', 'hf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
