// Launches by the PTX machine in place of loops.
#pragma once

#include <memory>
#include <string>

#include "../ptx-machine/machine.h"

/**
 * A text that was read before is not read again, and its counts go on. Null where the machine does not take it, and
 * `complaint` says why.
 */
std::shared_ptr<const ptx::Program> load_program(const std::string &text, std::string &complaint);

/** A kernel of the program, or null. */
const ptx::Function *find_kernel(const ptx::Program &program, const std::string &name);
