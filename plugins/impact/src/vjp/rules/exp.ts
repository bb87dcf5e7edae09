import { outputOf } from '../rule.js';
import { scaled } from '../scaled.js';

/** Of exp it is exp. */
export const exp = scaled(outputOf);
