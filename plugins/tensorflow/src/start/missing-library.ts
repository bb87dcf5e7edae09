/** What a failure to load says is missing, and what the user can do. */
export interface Missing {
  readonly what: string;
  readonly remedy: string;
}

/** How the dynamic linkers of Linux, macOS and Windows, and TensorFlow itself, say that they do not find a library. */
const NOT_FOUND =
  /cannot open shared object|not loaded|not found|no such file|could not (load|be found)/i;
const LIBRARY = /[\w.+-]+?\.(?:so(?:\.\d+)*|dylib|dll)\b/i;

/** What a library of that name belongs to. */
const OWNERS: readonly (readonly [RegExp, Missing])[] = [
  [
    /^(lib)?tensorflow/i,
    {
      what: 'libtensorflow',
      remedy: 'run the install script of the package with access to the network: npm rebuild',
    },
  ],
  [/^(lib)?cudnn/i, { what: 'cuDNN', remedy: 'install cuDNN 8 for CUDA 11' }],
  [
    /^(lib)?(cu(dart|blas|fft|rand|solver|sparse)|nvrtc|nvToolsExt)/i,
    { what: 'the CUDA 11 libraries', remedy: 'install CUDA 11.2 beside the driver' },
  ],
  [/^(libcuda\.|nvcuda)/i, { what: 'the NVIDIA driver', remedy: 'install the driver' }],
];

/** Reads what loading a package of TensorFlow ended with; undefined when it names nothing that is missing. */
export function missingLibrary(message: string): Missing | undefined {
  if (/tfjs_binding\.node.*can ?not be found/is.test(message)) {
    return {
      what: 'the Node-API binding tfjs_binding.node',
      remedy: 'run the install script of the package with access to the network: npm rebuild',
    };
  }
  if (/node_api|napi_|Module did not self-register|NODE_MODULE_VERSION/i.test(message)) {
    return {
      what: 'a Node-API that this build of tfjs_binding.node asks for',
      remedy: 'build the binding for this Node: npm rebuild --build-from-source',
    };
  }
  const name = NOT_FOUND.test(message) ? LIBRARY.exec(message)?.[0] : undefined;
  if (name === undefined) return undefined;
  const owner = OWNERS.find(([pattern]) => pattern.test(name))?.[1];
  return owner === undefined
    ? { what: name, remedy: `install what has ${name}` }
    : { what: `${owner.what} (${name})`, remedy: owner.remedy };
}
