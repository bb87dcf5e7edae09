#include "machine.h"

#include <algorithm>
#include <random>

#include "races.h"

namespace ptx {

/** Instructions of a thread without a barrier, after which it is held to run for ever. */
constexpr uint64_t ENDLESS = 1ull << 27;
/** Instructions of a turn by chance. */
constexpr uint64_t LONGEST_TURN = 64;

static uint32_t volume(const Index &size) { return size.x * size.y * size.z; }

/** The threads of a block, and who is next. */
class Turns {
 public:
  Turns(const Order &order, std::mt19937_64 &chance) : order_(order), chance_(chance) {}

  void begin(std::vector<Thread> &threads) {
    ready_.clear();
    for (Thread &thread : threads)
      if (thread.state == State::RUNNING) ready_.push_back(&thread);
    if (order_.seed == 0) std::reverse(ready_.begin(), ready_.end());
  }

  /** Lets threads run until all are done or wait. */
  void run() {
    while (!ready_.empty()) {
      const size_t which = order_.seed < 2 ? ready_.size() - 1 : chance_() % ready_.size();
      Thread &thread = *ready_[which];
      const uint64_t turn = order_.seed < 2 ? ENDLESS : 1 + chance_() % LONGEST_TURN;
      thread.fuel = turn;
      thread.run();
      thread.taken = thread.state == State::RUNNING ? thread.taken + turn : 0;
      if (thread.taken >= ENDLESS) fail(thread, "the thread does not end");
      if (thread.taken > 0) continue;
      ready_[which] = ready_.back();
      ready_.pop_back();
    }
  }

 private:
  const Order &order_;
  std::mt19937_64 &chance_;
  std::vector<Thread *> ready_;
};

/** All threads have stopped: true where they all are at a barrier, which lets them go on. */
static bool pass_barrier(Block &block, std::vector<Thread> &threads) {
  const auto waits = [](const Thread &t) { return t.state == State::AT_BARRIER; };
  const auto first = std::find_if(threads.begin(), threads.end(), waits);
  if (first == threads.end()) return false;
  for (Thread &thread : threads)
    if (!waits(thread)) fail(*first, "a barrier that not every thread of the block comes to");
  for (Thread &thread : threads) thread.state = State::RUNNING;
  block.phase = tick();
  return true;
}

static void run_block(Block &block, std::vector<Thread> &threads, const std::vector<uint8_t> &parameters,
                      Turns &turns) {
  block.began = block.phase = tick();
  std::fill_n(block.shared.written, block.shared.size, 0);
  for (size_t k = 0; k < threads.size(); k++) threads[k].begin(block, (uint32_t)k, parameters);
  do {
    turns.begin(threads);
    turns.run();
  } while (pass_barrier(block, threads));
}

static std::vector<uint32_t> ordered_blocks(uint32_t count, const Order &order, std::mt19937_64 &chance) {
  std::vector<uint32_t> blocks(count);
  for (uint32_t k = 0; k < count; k++) blocks[k] = order.seed == 1 ? count - 1 - k : k;
  if (order.seed > 1) std::shuffle(blocks.begin(), blocks.end(), chance);
  return blocks;
}

static void check(const Function &kernel, const Index &block, const std::vector<uint8_t> &parameters) {
  if (!kernel.is_entry) throw Fault(kernel.name + " is no kernel");
  if (parameters.size() != kernel.parameter_bytes)
    throw Fault(kernel.name + " is given other parameters than it declares");
  if (kernel.max_threads != 0 && volume(block) > kernel.max_threads)
    throw Fault(kernel.name + ": a block of more threads than .maxntid");
}

void launch(const Program &program, const Function &kernel, const Index &grid, const Index &size,
            const std::vector<uint8_t> &parameters, const Order &order) {
  check(kernel, size, parameters);
  std::mt19937_64 chance(order.seed);
  // NaN of either sign, a small and a large number
  constexpr uint8_t JUNK[] = {0xFF, 0x3F, 0x7F, 0x41};
  Launch launch = {&program, &kernel, grid, size, tick(), JUNK[order.seed % sizeof JUNK]};
  std::vector<uint8_t> bytes(kernel.shared_bytes), written(kernel.shared_bytes);
  std::vector<Cell> cells(kernel.shared_bytes);
  Block block;
  block.launch = &launch;
  block.shared.size = kernel.shared_bytes;
  block.shared.bytes = bytes.data();
  block.shared.written = written.data();
  block.shared.cells = cells.data();
  block.shared.is_shared = true;
  std::vector<Thread> threads(volume(size));
  Turns turns(order, chance);
  for (uint32_t number : ordered_blocks(volume(grid), order, chance)) {
    block.index = {number % grid.x, number / grid.x % grid.y, number / grid.x / grid.y};
    run_block(block, threads, parameters, turns);
  }
}

}  // namespace ptx
