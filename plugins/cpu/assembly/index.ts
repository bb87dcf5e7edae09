export { extend } from './extend';
export { filter } from './prefilter';
export { work } from './tile';
export { foldBoxes, scatter } from './metric/boxes';
export { measure } from './metric/pass';
export { correlate, correlateLists, gatherSlopes } from './metric/local';
