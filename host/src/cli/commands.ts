import type { CommandEntry } from './command.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'resample',
    summary: 'resample a volume to another grid',
    explainable: true,
    load: () => import('./resample.js'),
  },
  {
    name: 'apply',
    summary: 'apply a pipeline of transforms, fused, or undo it',
    explainable: true,
    load: () => import('./apply.js'),
  },
  {
    name: 'metric',
    summary: 'measure how alike two volumes are',
    explainable: true,
    load: () => import('./metric.js'),
  },
  {
    name: 'plugins',
    summary: 'what backends there are, and why one is not',
    load: () => import('./plugins.js'),
  },
  {
    name: 'explain',
    summary: 'say which backend would serve a command, without running it',
    load: () => import('./explain.js'),
  },
  {
    name: 'calibrate',
    summary: 'measure the backends on this machine, so that routing knows',
    load: () => import('./calibrate.js'),
  },
  {
    name: 'models',
    summary: 'what a model is that a metric may look through',
    load: () => import('./models.js'),
  },
  {
    name: 'phantom',
    summary: 'write a small volume with known contents',
    load: () => import('./phantom.js'),
  },
  {
    name: 'picture',
    summary: 'draw three orthogonal slices of volumes as PNG',
    load: () => import('./picture.js'),
  },
  {
    name: 'plugin',
    summary: 'create, validate, test and pack a plugin of your own',
    load: () => import('./plugin.js'),
  },
];
