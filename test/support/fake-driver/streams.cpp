#include "driver.h"

EXPORT int cuStreamCreate(void **stream, unsigned) {
  REQUIRE_CONTEXT();
  *stream = new Stream{{}, false};
  state.streams.insert((Stream *)*stream);
  return SUCCESS;
}

EXPORT int cuStreamDestroy_v2(void *stream) {
  state.streams.erase((Stream *)stream);
  delete (Stream *)stream;
  return SUCCESS;
}

/** Nothing that a stream was given happens before it is asked a second time: who does not wait sees nothing. */
EXPORT int cuStreamQuery(void *handle) {
  REQUIRE_CONTEXT();
  Stream &stream = *(Stream *)handle;
  if (stream.work.empty()) return SUCCESS;
  if (!stream.was_asked) {
    stream.was_asked = true;
    return NOT_READY;
  }
  stream.was_asked = false;
  for (; !stream.work.empty() && state.sticky == 0; stream.work.pop_front()) stream.work.front()();
  return state.sticky;
}
