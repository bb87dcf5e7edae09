export { extend } from './extend';
export { filter } from './prefilter';
export { work } from './tile';
