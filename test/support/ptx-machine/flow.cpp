#include "flow.h"

#include <map>

namespace ptx {

void branch(Thread &t, const Instruction &i) { t.next = t.frame().function->body.data() + i.offset; }

/** Copies bytes of .param memory, and which of them were written. */
static void pass(Thread &t, size_t to, size_t from, size_t bytes) {
  memcpy(t.params.data() + to, t.params.data() + from, bytes);
  memcpy(t.params_written.data() + to, t.params_written.data() + from, bytes);
}

void call(Thread &t, const Instruction &i) {
  const size_t from = t.frame().params;
  const Function &callee = *i.call->callee;
  t.enter(callee, t.next);
  for (size_t k = 0; k < callee.parameters.size(); k++)
    pass(t, t.frame().params + callee.parameters[k].offset, from + i.call->arguments[k].offset,
         callee.parameters[k].size);
}

void leave(Thread &t, const Instruction &) {
  const Frame frame = t.frame();
  t.leave();
  if (t.frames.empty()) return;
  const CallSite &site = *t.current().call;
  for (size_t k = 0; k < site.results.size(); k++)
    pass(t, t.frame().params + site.results[k].offset, frame.params + frame.function->results[k].offset,
         site.results[k].size);
}

void exit_thread(Thread &t, const Instruction &) {
  t.state = State::DONE;
  t.fuel = 0;
}

void trap(Thread &t, const Instruction &) { fail(t, "the kernel gives up"); }

void wait_for_block(Thread &t, const Instruction &) {
  t.state = State::AT_BARRIER;
  t.fuel = 0;
}

void copy(Thread &t, const Instruction &i) { t.r[i.d] = t.r[i.a]; }
void copy_predicate(Thread &t, const Instruction &i) { t.r[i.d] = t.r[i.a] != 0; }
void local_address(Thread &t, const Instruction &i) { t.r[i.d] = t.frame().local + (uint64_t)i.offset; }

void pack(Thread &t, const Instruction &i) {
  const Access &vector = *i.access;
  uint64_t value = 0;
  for (size_t k = 0; k < vector.values.size(); k++)
    memcpy((char *)&value + k * vector.width, &t.r[vector.values[k]], vector.width);
  t.r[i.d] = value;
}

void unpack(Thread &t, const Instruction &i) {
  const Access &vector = *i.access;
  const uint64_t whole = t.r[i.a];
  for (size_t k = 0; k < vector.values.size(); k++) {
    if (vector.values[k] == NONE) continue;
    uint64_t part = 0;
    memcpy(&part, (const char *)&whole + k * vector.width, vector.width);
    t.r[vector.values[k]] = part;
  }
}

namespace {

template <uint32_t (*OF)(const Thread &)> void read_special(Thread &t, const Instruction &i) { t.r[i.d] = OF(t); }

const Launch &launch_of(const Thread &t) { return *t.block->launch; }

template <uint32_t Index::*AXIS> uint32_t tid(const Thread &t) { return t.tid.*AXIS; }
template <uint32_t Index::*AXIS> uint32_t ntid(const Thread &t) { return launch_of(t).block.*AXIS; }
template <uint32_t Index::*AXIS> uint32_t ctaid(const Thread &t) { return t.block->index.*AXIS; }
template <uint32_t Index::*AXIS> uint32_t nctaid(const Thread &t) { return launch_of(t).grid.*AXIS; }
uint32_t laneid(const Thread &t) { return t.number % 32; }

}  // namespace

Handler reader_of(const std::string &special) {
  static const std::map<std::string, Handler> READERS = {{"%tid.x", read_special<tid<&Index::x>>},
                                                         {"%tid.y", read_special<tid<&Index::y>>},
                                                         {"%tid.z", read_special<tid<&Index::z>>},
                                                         {"%ntid.x", read_special<ntid<&Index::x>>},
                                                         {"%ntid.y", read_special<ntid<&Index::y>>},
                                                         {"%ntid.z", read_special<ntid<&Index::z>>},
                                                         {"%ctaid.x", read_special<ctaid<&Index::x>>},
                                                         {"%ctaid.y", read_special<ctaid<&Index::y>>},
                                                         {"%ctaid.z", read_special<ctaid<&Index::z>>},
                                                         {"%nctaid.x", read_special<nctaid<&Index::x>>},
                                                         {"%nctaid.y", read_special<nctaid<&Index::y>>},
                                                         {"%nctaid.z", read_special<nctaid<&Index::z>>},
                                                         {"%laneid", read_special<laneid>}};
  const auto found = READERS.find(special);
  return found == READERS.end() ? nullptr : found->second;
}

}  // namespace ptx
