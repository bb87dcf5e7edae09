/** The user's packages, the first that there is. */
export const GPU_LIBRARY = '@tensorflow/tfjs-node-gpu';
export const CPU_LIBRARY = '@tensorflow/tfjs-node';

/** TensorFlow itself goes on without a GPU when it finds none. */
export const NO_GPU =
  'TensorFlow uses no GPU: it found no device, or not the CUDA 11 libraries and cuDNN 8 that it opens itself';
