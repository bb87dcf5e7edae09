import { InvalidArgumentError } from 'commander';
import { isHostError } from '../errors.js';

/** Refuses a name that `look` does not know, with what it says. */
export function known<T>(look: (name: string) => T): (name: string) => T {
  return (name) => {
    try {
      return look(name);
    } catch (error) {
      if (!isHostError(error, 'NOT_EXPRESSIBLE')) throw error;
      const { reason, remedy } = error.fields;
      throw Object.assign(new InvalidArgumentError(`It ${reason}; ${remedy}.`), { cause: error });
    }
  };
}
