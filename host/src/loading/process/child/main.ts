import { isMainThread } from 'node:worker_threads';
import { runReader } from './reader.js';
import { runChild } from './run-child.js';

// The bundle of this file is what a child process is started with, and its reading thread again.
if (isMainThread) runChild(new URL(import.meta.url));
else runReader();
