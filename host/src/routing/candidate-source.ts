import type { InjectionToken } from '../injection.js';
import type { Candidate } from './candidate.js';

/** Where candidates come from: the catalogue, joined with what is active and what was calibrated. */
export interface CandidateSource {
  /** In the catalogue's total order. */
  read(): Promise<readonly Candidate[]>;
}

export const CandidatesToken: InjectionToken<CandidateSource> = Symbol('CandidateSource');
