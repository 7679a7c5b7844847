/** Base of every error the zoo throws on purpose: `instanceof ZooError` means the message is fit for an operator. */
export class ZooError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * Why a picture cannot be used:
 * `empty` zero bytes; `not-an-image` bytes of no picture format we know; `unsupported` a picture format we refuse
 * (SVG, PDF, camera raw); `animated` several frames; `too-many-pixels` over the limit, refused from the header alone;
 * `corrupt` damaged or cut short.
 */
export type ImageErrorReason =
  'empty' | 'not-an-image' | 'unsupported' | 'animated' | 'too-many-pixels' | 'corrupt';

/** A picture or a text that cannot be used; `reason` is stable and meant for counting. */
export class InputError<Reason extends string = string> extends ZooError {
  constructor(
    readonly reason: Reason,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${reason}: ${detail}`, options);
  }
}

/** A picture that cannot be decoded. */
export class ImageError extends InputError<ImageErrorReason> {}

/** A model file that is not what it should be, or asks for something this zoo cannot do. */
export class GraphError extends ZooError {}

/** A layer or operator the converter into ONNX does not know; `layer` and `kind` name it. */
export class UnsupportedLayerError extends GraphError {
  constructor(
    readonly layer: string,
    readonly kind: string,
    detail = 'no conversion into ONNX is written for it',
  ) {
    super(
      `Layer "${layer}" (${kind}): ${detail}. Add it in zoo/graph/convert/, or use an ONNX file instead.`,
    );
  }
}

/** No backbone of that id. */
export class UnknownBackboneError extends ZooError {
  constructor(id: string, known: readonly string[]) {
    super(`There is no backbone "${id}". Known: ${known.join(', ')}.`);
  }
}

/** A network that does not take pictures as its card prepares them. */
export class UnfitInputError extends GraphError {
  constructor(id: string, { width, height }: { width: number; height: number }, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(`${id} does not take pictures of ${width} x ${height} pixels, as its card says: ${detail}`, {
      cause,
    });
  }
}

/** Weights that are not the ones the card describes. */
export class ChecksumError extends ZooError {
  constructor(
    readonly file: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(
      `The weights at ${file} have sha256 ${actual}, but the card says ${expected}. ` +
        'Reinstall the package (npm ci), or update the card if the weights were changed on purpose.',
    );
  }
}

/** Weights that are not there. */
export class MissingWeightsError extends ZooError {}

/** The native runtime refused a model, a provider or an input. */
export class RuntimeError extends ZooError {}

/** The native runtime could not get the memory it asked for. */
export class OutOfMemoryError extends RuntimeError {}
