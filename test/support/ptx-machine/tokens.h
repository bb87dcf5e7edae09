#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ptx {

/** A word (identifier, register, opcode with its modifiers, directive, number) or one character. */
struct Token {
  std::string text;
  uint32_t line;
};

/** Comments and strings are left out; the last token is empty. */
std::vector<Token> split_tokens(const std::string &text);

/** Throws a Fault that names the line. */
[[noreturn]] void refuse(uint32_t line, const std::string &what);

/** Reads tokens one by one. */
class Cursor {
 public:
  explicit Cursor(const std::vector<Token> &tokens) : at_(tokens.data()) {}
  const Token &peek() const { return *at_; }
  const Token &peek_after() const { return at_[at_->text.empty() ? 0 : 1]; }
  uint32_t line() const { return at_->line; }
  bool is_at_end() const { return at_->text.empty(); }
  std::string take();
  /** Takes the token if it is this one. */
  bool accept(const char *text);
  /** Throws unless the next token is this one. */
  void expect(const char *text);
  /** A whole number, or the bits of 0f… and 0d…. */
  int64_t number();

 private:
  const Token *at_;
};

/** Integer and Floating-Point Constants. False where a word is none. */
bool read_constant(const std::string &word, int64_t &value);

}  // namespace ptx
