import { ZooError } from '../errors.js';

/** A folder that is not a sound package; the message names the file and what is wrong with it. */
export class PackageError extends ZooError {}

/** The packaged file does not predict what the search predicted; it must not be used. */
export class PackageMismatchError extends PackageError {
  constructor(
    readonly largestDifference: number,
    readonly tolerance: number,
  ) {
    super(
      `The packaged model differs from the search by up to ${largestDifference.toExponential(2)} ` +
        `(${tolerance} is allowed), so it was not put to use. Run the search again; if it happens again, it is a defect of Graft.`,
    );
  }
}
