/** One choice of a filter with several. */
export interface Option {
  id: string;
  name: string;
  /** How many rows have it. */
  count?: number;
}
