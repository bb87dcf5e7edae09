#include "tokens.h"

#include <cctype>
#include <cstdlib>

#include "fault.h"

namespace ptx {

void refuse(uint32_t line, const std::string &what) { throw Fault("PTX line " + std::to_string(line) + ": " + what); }

static bool is_word(const std::string &text, size_t at) {
  const char c = text[at];
  // `.L2::128B`; a label's colon stands alone
  if (c == ':') return (at + 1 < text.size() && text[at + 1] == ':') || text[at - 1] == ':';
  return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '%' || c == '.';
}

/** The end of a comment or string that begins here, or `at`. */
static size_t skip(const std::string &text, size_t at) {
  const auto past = [&](const char *end, size_t from, size_t more) {
    const size_t found = text.find(end, from);
    return found == std::string::npos ? text.size() : found + more;
  };
  if (text.compare(at, 2, "//") == 0) return past("\n", at, 0);
  if (text.compare(at, 2, "/*") == 0) return past("*/", at + 2, 2);
  if (text[at] == '"') return past("\"", at + 1, 1);
  return at;
}

std::vector<Token> split_tokens(const std::string &text) {
  std::vector<Token> tokens;
  uint32_t line = 1;
  for (size_t at = 0; at < text.size();) {
    size_t end = skip(text, at);
    if (end == at && isspace((unsigned char)text[at])) end++;
    if (end > at) {
      for (; at < end; at++) line += text[at] == '\n';
      continue;
    }
    while (end < text.size() && is_word(text, end)) end++;
    if (end == at) end++;
    tokens.push_back({text.substr(at, end - at), line});
    at = end;
  }
  tokens.push_back({"", line});
  return tokens;
}

std::string Cursor::take() {
  if (is_at_end()) refuse(line(), "the text ends within a statement");
  return (at_++)->text;
}

bool Cursor::accept(const char *text) {
  if (at_->text != text) return false;
  at_++;
  return true;
}

void Cursor::expect(const char *text) {
  if (!accept(text)) refuse(line(), "'" + at_->text + "' where '" + text + "' is expected");
}

bool read_constant(const std::string &word, int64_t &value) {
  if (word.empty() || !isdigit((unsigned char)word[0])) return false;
  const bool is_float = word.size() > 2 && word[0] == '0' && std::string("fFdD").find(word[1]) != std::string::npos;
  const std::string digits = is_float ? word.substr(2) : word;
  char *end;
  value = (int64_t)strtoull(digits.c_str(), &end, is_float ? 16 : 0);
  return *end == 0 || (!is_float && std::string(end) == "U");
}

int64_t Cursor::number() {
  const bool is_negative = accept("-");
  const uint32_t at = line();
  const std::string word = take();
  int64_t value;
  if (!read_constant(word, value)) refuse(at, "'" + word + "' is no number that is known here");
  return is_negative ? -value : value;
}

}  // namespace ptx
