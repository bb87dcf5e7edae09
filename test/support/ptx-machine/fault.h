#pragma once

#include <stdexcept>
#include <string>

namespace ptx {

/** What a program did, or has, that a device would punish or not promise anything of. */
struct Fault : std::runtime_error {
  explicit Fault(const std::string &text) : std::runtime_error(text) {}
};

struct Thread;

/** Throws a Fault about the instruction that the thread is at: kernel, line, its text, thread and block. */
[[noreturn]] void fail(const Thread &thread, const std::string &what);

}  // namespace ptx
