#include "read-memory.h"

#include <set>

#include "access.h"
#include "loads.h"

namespace ptx {

std::vector<std::string> parts_of(const std::string &opcode) {
  std::vector<std::string> parts;
  for (size_t at = 0, dot; at <= opcode.size(); at = dot + 1) {
    dot = std::min(opcode.find('.', at), opcode.size());
    parts.push_back(opcode.substr(at, dot - at));
  }
  return parts;
}

bool find_space(const std::string &part, Space &space) {
  static const std::map<std::string, Space> SPACES = {{"global", Space::GLOBAL},
                                                      {"shared", Space::SHARED},
                                                      {"local", Space::LOCAL},
                                                      {"param", Space::PARAM},
                                                      {"const", Space::CONST}};
  const auto found = SPACES.find(part);
  if (found != SPACES.end()) space = found->second;
  return found != SPACES.end();
}

void refuse_opcode(const Instruction &i, const std::string &opcode) {
  refuse(i.line, "the machine does not know `" + opcode + "` with such operands");
}

/** The address of an access; what a variable holds is known now, and so is whether an access leaves it. */
static void put_address(Instruction &i, const Operand &address, const std::string &opcode) {
  if (address.kind != OperandKind::ADDRESS) refuse_opcode(i, opcode);
  i.a = address.slot;
  i.offset = address.offset;
  if (address.symbol == nullptr) return;
  const Symbol &symbol = *address.symbol;
  if (symbol.space != i.access->space) refuse(i.line, "`" + opcode + "` of a variable in another state space");
  const int64_t length = i.access->width * (int64_t)std::max<size_t>(i.access->values.size(), 1);
  if (address.offset < 0 || address.offset + length > symbol.size)
    refuse(i.line, "`" + opcode + "` beyond its variable");
  i.offset += symbol.offset;
}

static size_t elements_of(const std::string &part) { return part == "v2" ? 2 : part == "v4" ? 4 : 1; }

void read_access(Instruction &i, const std::string &opcode, const std::vector<Operand> &operands) {
  std::vector<std::string> parts = parts_of(opcode);
  const bool is_load = parts[0] == "ld";
  i.access = std::make_shared<Access>();
  const auto type = typed_accesses().find(parts.back());
  if (type == typed_accesses().end() || operands.size() != 2) refuse_opcode(i, opcode);
  size_t at = 1, elements = 1;
  if (find_space(parts[at], i.access->space)) at++;
  if (parts[at] == "nc") i.access->is_read_only = at++;
  if (elements_of(parts[at]) > 1) elements = elements_of(parts[at++]);
  if (at + 1 != parts.size() || (i.access->is_read_only && !is_load)) refuse_opcode(i, opcode);
  const Operand &value = operands[is_load ? 0 : 1];
  i.access->values = value.kind == OperandKind::VECTOR ? value.slots : std::vector<uint32_t>{value.slot};
  if (i.access->values.size() != elements || (value.kind != OperandKind::VECTOR && value.slot == NONE))
    refuse_opcode(i, opcode);
  i.access->width = type->second.width;
  i.run = is_load ? type->second.load : type->second.store;
  put_address(i, operands[is_load ? 1 : 0], opcode);
}

void read_atomic(Instruction &i, const std::string &opcode, const std::vector<Operand> &operands) {
  static const std::set<std::string> IGNORED = {"relaxed", "acquire", "release", "acq_rel", "cta", "gpu", "sys"};
  std::vector<std::string> parts = parts_of(opcode);
  i.access = std::make_shared<Access>();
  size_t at = 1;
  while (at < parts.size() && IGNORED.count(parts[at]) != 0) at++;
  if (at < parts.size() && find_space(parts[at], i.access->space)) at++;
  if (at + 2 != parts.size()) refuse_opcode(i, opcode);
  i.run = atomic_of(parts[at] + "." + parts[at + 1]);
  const size_t address = parts[0] == "atom" ? 1 : 0;
  const size_t sources = parts[at] == "cas" ? 2 : 1;
  if (i.run == nullptr || operands.size() != address + 1 + sources) refuse_opcode(i, opcode);
  i.access->width = typed_accesses().at(parts.back()).width;
  if (address == 1) i.d = operands[0].slot;
  i.b = operands[address + 1].slot;
  if (sources == 2) i.c = operands[address + 2].slot;
  put_address(i, operands[address], opcode);
}

void read_conversion(Instruction &i, const std::string &opcode, const std::vector<Operand> &operands) {
  const std::vector<std::string> parts = parts_of(opcode);
  const bool to = parts[1] == "to";
  Space space = Space::GENERIC;
  if (parts.size() != (to ? 4u : 3u) || !find_space(parts[to ? 2 : 1], space) || parts.back() != "u64")
    refuse_opcode(i, opcode);
  if (operands.size() != 2 || operands[1].kind != OperandKind::VALUE || space == Space::PARAM) refuse_opcode(i, opcode);
  i.run = conversion_of(space, to);
  i.d = operands[0].slot;
  i.a = operands[1].slot;
}

}  // namespace ptx
