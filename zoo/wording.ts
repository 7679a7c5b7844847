/** How sentences for people speak of what is told apart: the modality's own words, so that no other part has to know them. */
export interface Wording {
  /** 'picture' */
  readonly one: string;
  /** 'pictures' */
  readonly many: string;
  /** Where more can come from. */
  readonly moreFrom: string;
  /** What else helps where no backbone suits, beside other published ones. */
  readonly ownBackbone: string;
}
