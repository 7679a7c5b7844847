const MIB = 1024 * 1024;

/** Bounds of one request for a prediction, and of all that are under way. */
export const PREDICT_LIMITS = Object.freeze({
  /** One picture, and one raw body. */
  maxPictureBytes: 50 * MIB,
  /** All parts of one form. */
  maxFormBytes: 100 * MIB,
  /** A JSON body is parsed in one piece on the thread that answers everybody. */
  maxJsonBytes: 32 * MIB,
  maxPictures: 64,
  maxUrls: 16,
  /** A heat map by occlusion takes 65 passes of the network. */
  maxHeatMaps: 8,
  maxUrlLength: 4096,
  /** Bodies of all requests under way; one is always taken. */
  maxBytesInFlight: 256 * MIB,
  /** Addresses fetched or waiting for it, over all requests. */
  maxFetches: 32,
});
