/** Speed against size: who is the fastest of all that are no larger. Pure functions. */

export interface Candidate {
  id: string;
  size: number;
  speed: number;
}

/** Those that no other one beats in size without being slower, smallest first. Equals stand both. */
export function front<One extends Candidate>(candidates: readonly One[]): One[] {
  return candidates
    .filter((one) => !candidates.some((other) => beats(other, one)))
    .toSorted((a, b) => a.size - b.size || b.speed - a.speed);
}

function beats(other: Candidate, one: Candidate): boolean {
  return other.size <= one.size && other.speed >= one.speed && (other.size < one.size || other.speed > one.speed);
}
