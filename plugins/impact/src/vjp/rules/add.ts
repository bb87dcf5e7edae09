import { binary, passed } from '../broadcast.js';

export const add = binary(passed, passed);
