export { work } from './tile';
