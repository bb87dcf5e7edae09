// One block of threads. A fibre runs thread after thread until one of them waits at a barrier; then another fibre goes on
// with the threads that have not begun, and when all threads wait, all go on. So a kernel without a barrier is a loop.
#pragma once

#include <setjmp.h>
#include <ucontext.h>

#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "../../../plugins/cuda/kernels/launch.h"

struct Fibre {
  jmp_buf place;
  LaunchIndex thread;
  std::vector<char> stack = std::vector<char>(1 << 17);
};

static struct {
  jmp_buf launcher;
  std::function<void()> call;
  unsigned next, ended;
  Fibre *current;
  std::vector<std::unique_ptr<Fibre>> fibres;
  std::vector<Fibre *> idle, waiting;
  alignas(16) char shared[SHARED_BYTES];
} block;

void *shared_memory() { return block.shared; }

/** Goes on where that place was left. swapcontext would ask the kernel for the signal mask each time. */
static void leave(jmp_buf &here, jmp_buf &there) {
  if (_setjmp(here) == 0) _longjmp(there, 1);
}

void barrier() {
  Fibre &fibre = *block.current;
  fibre.thread = threadIdx;
  block.waiting.push_back(&fibre);
  leave(fibre.place, block.launcher);
  threadIdx = fibre.thread;
}

static unsigned threads_of_block() { return blockDim.x * blockDim.y * blockDim.z; }

/** A fibre's life: threads that have not begun, block after block. */
static void run_threads() {
  Fibre &fibre = *block.current;
  for (;;) {
    while (block.next < threads_of_block()) {
      const unsigned n = block.next++;
      threadIdx = {n % blockDim.x, n / blockDim.x % blockDim.y, n / (blockDim.x * blockDim.y)};
      block.call();
      block.ended++;
    }
    block.idle.push_back(&fibre);
    leave(fibre.place, block.launcher);
  }
}

static void go_on(Fibre *fibre) {
  block.current = fibre;
  leave(block.launcher, fibre->place);
}

static void make_fibre() {
  block.fibres.push_back(std::make_unique<Fibre>());
  Fibre *fibre = block.current = block.fibres.back().get();
  ucontext_t beginning;
  getcontext(&beginning);
  beginning.uc_stack.ss_sp = fibre->stack.data();
  beginning.uc_stack.ss_size = fibre->stack.size();
  makecontext(&beginning, run_threads, 0);
  if (_setjmp(block.launcher) == 0) setcontext(&beginning);
}

static void start_fibre() {
  if (block.idle.empty()) return make_fibre();
  Fibre *fibre = block.idle.back();
  block.idle.pop_back();
  go_on(fibre);
}

/** Runs all threads of the block blockIdx; false where some wait at a barrier that others never reach. */
static bool run_block(const std::function<void()> &call) {
  block.call = call;
  block.next = block.ended = 0;
  block.waiting.clear();
  // Nothing is in shared memory that the block did not put there.
  memset(block.shared, 0xA5, sizeof block.shared);
  while (block.next < threads_of_block()) start_fibre();
  while (!block.waiting.empty()) {
    if (block.ended > 0) return false;
    std::vector<Fibre *> released;
    released.swap(block.waiting);
    for (Fibre *fibre : released) go_on(fibre);
  }
  return true;
}
