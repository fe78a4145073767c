/* One session with a node, as docs-site/protocol.md lays it down: HELLO, a stream with one element each way, END. Knows nothing of QUIC. */
#ifndef WEIR_SESSION_H
#define WEIR_SESSION_H

#include "frames.h"

/* What this side says: one QUIC stream each, to be opened in this order as soon as there is something in it. */
struct session {
    struct lane control, half, last;
    bool heard_hello, acknowledged, element_came, answered;
    uint64_t node_handle, consumed, final_offset;
    bool node_closed;
};

/* Keys are agreed on: says HELLO. */
void session_begin(struct session *of);
/* Takes a whole block that came in a stream of this type; false if it breaks a rule, or says that the session cannot be. */
bool session_take(struct session *of, int type, struct reader *block);

#endif
