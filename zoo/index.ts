/** Everything about models: backbones, taps, features, heads, search, packages. The only file imported from outside. */
export * from './errors.js';
export type { Matrix } from './matrix.js';
export { takeRows } from './matrix.js';
export type { Rng } from './rng.js';
export { createRng } from './rng.js';

// Pictures
export type { DecodedImage, DecodeLimits, ImageMeta, RgbPixels } from './preprocess/decode.js';
export { decodeImage, defaultDecodeLimits, readMeta } from './preprocess/decode.js';
export type { Geometry, InputSpec } from './preprocess/input-spec.js';
export { geometryKey } from './preprocess/input-spec.js';
export type { OpenedImage } from './preprocess/prepare.js';
export { decodeOnce, prepareImage, prepareImages, PREPROCESSING_VERSION } from './preprocess/prepare.js';
export { rasteriseSvg, reencodeImage } from './preprocess/rasterise.js';
export { thumbnailOf } from './preprocess/thumbnail.js';
export type { SniffedFormat } from './preprocess/sniff.js';
export { sniffFormat } from './preprocess/sniff.js';

// Native runtime
export type { OnnxSession, SessionOptions, TensorValue } from './runtimes/onnx.js';
export { openSession } from './runtimes/onnx.js';
export type { ProviderProbe } from './runtimes/probe-providers.js';
export { fastestProvider, probeProviders } from './runtimes/probe-providers.js';

// Backbones and their taps
export type {
  BackboneCard,
  ClassifierFacts,
  DownloadSource,
  GraphModelSource,
  InstalledBackbone,
  LayersModelSource,
  OnnxFileSource,
  WeightsSource,
} from './backbones/card.js';
export type { InstallProgress, InstallStage } from './backbones/install.js';
export { findInstalled, installBackbone, uninstallBackbone } from './backbones/install.js';
export { backbones, getBackbone } from './backbones/registry.js';
export { installRandomTwin, RANDOM_PREFIX, withRandomWeights } from './backbones/random-weights.js';
export { mergeable, mergeBackbones, memberIds } from './backbones/merge.js';
export { commonViews, parseView, viewBackbone } from './backbones/views.js';
export { lookId, looksAt, parseLooks, seeOtherwise } from './backbones/looks.js';
export { isPlainTap, tapIds, type Tap } from './graph/taps.js';
export { withGem } from './graph/pooling.js';
export { addNetwork } from './hub/add-network.js';
export type { AddRequest, ReadNetwork } from './hub/read-network.js';
export { COMMON_INPUT, notStated, readNetwork } from './hub/read-network.js';
export type { HubErrorReason } from './hub/errors.js';
export { HubError } from './hub/errors.js';
export { hubCards } from './hub/hub-cards.js';
export type { CardSource, Zoo, ZooEntry, ZooOptions } from './hub/load-zoo.js';
export { backbonesFolder, loadZoo } from './hub/load-zoo.js';
export { removeLocalCard } from './hub/local-cards.js';

// Texts
export type { InstalledText, TextCard, TextCorpus } from './text/backbones/card.js';
export { defaultTextBackbones, textBackbones } from './text/backbones/registry.js';
export { findPublished, prepareText, removePublished } from './text/backbones/prepare.js';
export type { TextEntry, TextZoo } from './text/backbones/text-zoo.js';
export { loadTextZoo } from './text/backbones/text-zoo.js';
export type { TextErrorReason, TextLimits } from './text/decode.js';
export { checkText, decodeText, defaultTextLimits, TextError } from './text/decode.js';
export type { TextExtraction, TextExtractor, TextSource } from './text/features.js';
export {
  estimateTextLatencies,
  extractTexts,
  measureTextLatency,
  openTextExtractor,
  openTextShelf,
} from './text/features.js';
export type { TextInput } from './text/input.js';
export { NearDuplicateIndex, textKey } from './text/near-duplicates.js';
export { wordsOf } from './text/words.js';
export { trainWordVectors } from './text/vectors/train.js';

// Features
export type { ExtractorOptions, FeatureExtractor } from './features/extractor.js';
export { openExtractor } from './features/extractor.js';
export type { LatencyOptions } from './features/latency.js';
export { estimateLatencies, measureLatency } from './features/latency.js';
export type { ExtractionRequest, FailedImage, FeatureSource, FeatureTarget } from './features/extract.js';
export { keepPrepared, readPrepared } from './features/prepared.js';
export { estimateBytes, fitBatch, groupWithin } from './features/memory.js';
export { extractFeatures } from './features/extract.js';
export type { FeatureShelf } from './features/cache.js';
export { featureKey } from './features/cache.js';
export { openFeatureFolder } from './features/folder.js';

// The answer of a network itself
export type { Classifier } from './features/classifier.js';
export { classifierGeometry, openClassifier } from './features/classifier.js';

// One file from trunk and head
export type { HeadLayer, PackagedModelParts } from './graph/package-model.js';
export { buildPackagedModel, PROBABILITIES_OUTPUT } from './graph/package-model.js';
export { IMAGE_INPUT } from './graph/image-input.js';

// What a result says about itself
export { examine, type Examination, type ExaminationRequest } from './diagnosis/examine.js';
export { diagnose } from './diagnosis/diagnose.js';
export type { DoubtedRow, Findings } from './diagnosis/evidence.js';
export { diagnosisSchema, type Diagnosis, type DiagnosisCode } from './diagnosis/types.js';
export { learningCurve, type LearningCurveRequest } from './learning-curve/learning-curve.js';
export type { Wording } from './wording.js';
export { learningCurveSchema, type LearningCurve } from './learning-curve/types.js';

// Packages
export { PackageError, PackageMismatchError } from './packaging/errors.js';
export type { PackageManifest } from './packaging/manifest.js';
export { PACKAGE_FILES, packageManifestSchema } from './packaging/manifest.js';
export type { OpenPackage, Prediction, Seen } from './packaging/open-package.js';
export { pictureSpec, takesText } from './packaging/package-input.js';
export { contentDigest, openPackage, predictionOf, readManifest } from './packaging/open-package.js';
export type { HeatMap } from './packaging/heat-map.js';
export { overlayHeat } from './preprocess/overlay.js';
export type { Golden, GoldenAttribution, GoldenPicture, Replay } from './packaging/golden.js';
export { proveGolden, readGolden, replayGolden } from './packaging/golden.js';
export { browserRuntime, copyBrowserRuntime } from './packaging/clients.js';
export type { PackageParts } from './packaging/write-package.js';
export { writePackage } from './packaging/write-package.js';
export { PACKAGE_TOLERANCE, verifyPackage } from './packaging/verify-package.js';

// Training runtime
export type { TensorRuntime } from './runtimes/tfjs.js';
export { startTensors } from './runtimes/tfjs.js';

// Heads, search and scores
export type { DenseLayer, FittedHead, Head, HeadParams } from './heads/head.js';
export { applyHead } from './heads/head.js';
export { getHead, heads } from './heads/registry.js';
export { ridgeCrossValidation, type RidgeCrossValidation } from './heads/ridge-cross-validation.js';
export { standardisationOf, standardise, type Standardisation } from './search/standardise.js';
export * from './metrics/index.js';
export {
  chooseTrial,
  defaultTieRule,
  isTogether,
  worthwhileTieRule,
  type Choice,
  type ScoredTrial,
  type TieRule,
} from './search/choose.js';
export { fitsCap, isCapped, NO_CAP, type Cap } from './search/cap.js';
export { compareWithRivals, type Comparison, type Rival } from './search/compare.js';
export { estimateOptimism, type Optimism } from './search/optimism.js';
export {
  halveBackbones,
  standingOf,
  type Contender,
  type DroppedBackbone,
  type Halving,
  type Judge,
  type Jury,
  type Labelled,
  type Look,
} from './search/halving.js';
export { startDeadline, type Deadline } from './search/limits.js';
export { paretoFront, type Placed } from './search/pareto.js';
export { SearchDataError } from './search/dev-rows.js';
export { runSearch } from './search/run-search.js';
export { fitThreads } from './search/threads/fit-threads.js';
export { openThreads, type Threads } from './search/threads/open-threads.js';
export { select, type Selection, type SelectRequest } from './search/select.js';
export type {
  FeatureSet,
  Floor,
  SearchProgress,
  SearchRequest,
  SearchResult,
  Trial,
  Validation,
} from './search/types.js';
