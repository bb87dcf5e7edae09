import assert from 'node:assert/strict';
import { reasonOf } from '#tensorflow/start/reason-of.js';

/** What loading the package ended with, and what the user is to read of it. */
const CASES: readonly (readonly [said: string, told: RegExp])[] = [
  [
    'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x/lib/napi-v8/tfjs_binding.node. \nPlease run: npm rebuild',
    /^the Node-API binding tfjs_binding\.node is missing; .*npm rebuild/,
  ],
  [
    'libtensorflow.so.2: cannot open shared object file: No such file or directory',
    /^libtensorflow \(libtensorflow\.so\.2\) is missing; .*npm rebuild/,
  ],
  [
    'dlopen(/x/tfjs_binding.node, 0x0001): Library not loaded: @rpath/libtensorflow.2.dylib',
    /^libtensorflow \(libtensorflow\.2\.dylib\) is missing/,
  ],
  [
    'libcudart.so.11.0: cannot open shared object file: No such file or directory',
    /^the CUDA 11 libraries \(libcudart\.so\.11\.0\) is missing; .*CUDA 11/,
  ],
  [
    "Could not load dynamic library 'cublas64_11.dll'; dlerror: cublas64_11.dll not found",
    /CUDA 11/,
  ],
  [
    'libcudnn.so.8: cannot open shared object file: No such file or directory',
    /^cuDNN \(libcudnn\.so\.8\) is missing; install cuDNN 8/,
  ],
  ['libcuda.so.1: cannot open shared object file: No such file or directory', /^the NVIDIA driver/],
  ['/x/tfjs_binding.node: undefined symbol: node_api_symbol_for', /Node-API/],
  [
    'libgomp.so.1: cannot open shared object file: No such file or directory',
    /^libgomp\.so\.1 is missing; install what has libgomp\.so\.1/,
  ],
  ['out of cheese', /^out of cheese$/],
];

describe('what TensorFlow lacks', () => {
  for (const [said, told] of CASES) {
    it(`is read from "${said.slice(0, 60)}"`, () => assert.match(reasonOf(new Error(said)), told));
  }

  it('is read from the cause of an error too', () => {
    const cause = new Error('libcudnn.so.8: cannot open shared object file');
    assert.match(reasonOf(new Error('it cannot be loaded', { cause })), /^cuDNN/);
  });
});
