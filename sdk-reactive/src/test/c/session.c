#include "session.h"

#include <inttypes.h>
#include <stdio.h>

/* The first handle of a side is 3; the element that is to be echoed. */
enum { HANDLE = 3, ELEMENT_COST = 16, WINDOW_BYTES = 65536 };

static const char NAME[] = "echo";
static const char TEXT[] = "an element of a client in C";
static const size_t TEXT_BYTES = sizeof TEXT - 1;

/* StreamId.of("echo"): the first 8 bytes of the SHA-256 of the name. */
static const uint64_t ECHO_ID = UINT64_C(0x092c79e8f80e559e);

void session_begin(struct session *of) {
    put_fixed(&of->control, STREAM_CONTROL, 1);
    begin_block(&of->control);
    put_v(&of->control, HELLO);
    put_v(&of->control, 0); /* no settings: what is absent has a value */
    end_block(&of->control);
}

/* The last of a lane: FIN goes with a block of its own, which says nothing. */
static void end_lane(struct lane *of) {
    begin_block(of);
    put_v(of, PADDING);
    end_block(of);
    of->ended = true;
}

/* The whole stream: OPEN, one element, CLOSE. HELLO's window covers it. */
static void say(struct session *of) {
    begin_block(&of->control);
    put_v(&of->control, OPEN);
    put_v(&of->control, HANDLE);
    put_fixed(&of->control, ECHO_ID, 8);
    put_v(&of->control, 1); /* epoch */
    put_v(&of->control, RELIABLE);
    put_bytes(&of->control, NAME, sizeof NAME - 1);
    put_v(&of->control, 0); /* no headers */
    put_v(&of->control, CLOSE);
    put_v(&of->control, HANDLE);
    put_v(&of->control, ELEMENT_COST + TEXT_BYTES); /* final offset */
    put_v(&of->control, 1); /* elements */
    put_v(&of->control, 0); /* completion */
    end_block(&of->control);

    put_fixed(&of->half, STREAM_HALF, 1);
    begin_block(&of->half);
    put_v(&of->half, DATA | FIRST | LAST);
    put_v(&of->half, HANDLE);
    put_bytes(&of->half, TEXT, TEXT_BYTES);
    end_block(&of->half);
    end_lane(&of->half);
}

/* Answers the node's CLOSE when all before it is consumed; says END when both halves are confirmed ended. */
static void settle(struct session *of) {
    if (of->node_closed && of->consumed == of->final_offset && !of->answered) {
        of->answered = true;
        begin_block(&of->control);
        put_v(&of->control, WINDOW);
        put_v(&of->control, of->node_handle);
        put_v(&of->control, of->consumed);
        put_v(&of->control, of->consumed + WINDOW_BYTES);
        end_block(&of->control);
    }
    if (of->answered && of->acknowledged && of->last.length == 0) {
        end_lane(&of->control);
        put_fixed(&of->last, STREAM_END, 1);
        begin_block(&of->last);
        put_v(&of->last, END);
        put_v(&of->last, 0);
        end_block(&of->last);
        end_lane(&of->last);
    }
}

static void on_hello(struct session *of, struct reader *from) {
    size_t length;
    for (uint64_t left = read_v(from); left > 0 && !from->bad; left--) {
        read_v(from); /* which setting; what they say does not matter here */
        read_bytes(from, &length);
    }
    from->bad |= of->heard_hello;
    of->heard_hello = true;
    say(of);
}

static void on_open(struct session *of, struct reader *from) {
    size_t length;
    of->node_handle = read_v(from);
    from->bad |= read_fixed(from, 8) != ECHO_ID;
    read_v(from); /* epoch */
    uint64_t flags = read_v(from);
    if (flags & WITH_WINDOW) {
        read_v(from);
    }
    read_bytes(from, &length); /* name: what answers has none */
    skip_headers(from);
    from->bad |= !(flags & ANSWER) || of->node_handle != HANDLE || length != 0;
}

static void on_window(struct session *of, struct reader *from) {
    uint64_t handle = read_v(from), consumed = read_v(from);
    read_v(from); /* limit */
    of->acknowledged |= handle == HANDLE && consumed == ELEMENT_COST + TEXT_BYTES;
}

static void on_close(struct session *of, struct reader *from) {
    uint64_t handle = read_v(from);
    of->final_offset = read_v(from);
    uint64_t elements = read_v(from), code = read_v(from);
    of->node_closed = true;
    from->bad |= handle != HANDLE || elements != 1 || code != 0;
}

static void on_ping(struct session *of, struct reader *from) {
    begin_block(&of->control);
    put_v(&of->control, PONG);
    put_fixed(&of->control, read_fixed(from, 8), 8);
    end_block(&of->control);
}

static void on_data(struct session *of, int type, struct reader *from) {
    size_t length;
    uint64_t handle = read_v(from);
    const uint8_t *element = read_bytes(from, &length);
    from->bad |= type != (DATA | FIRST | LAST) || handle != HANDLE || of->element_came;
    if (!from->bad) {
        printf("element: %.*s\n", (int) length, (const char *) element);
        of->element_came = true;
        of->consumed = ELEMENT_COST + length;
    }
}

static void take_frame(struct session *of, int stream, struct reader *from) {
    uint64_t type = read_v(from);
    size_t length;
    if (type >= IGNORABLE) {
        read_bytes(from, &length);
        return;
    }
    if (type == PADDING) {
        return;
    }
    if (stream == STREAM_HALF) {
        on_data(of, (int) type, from);
        return;
    }
    switch (type) {
        case HEARTBEAT: break;
        case PING: on_ping(of, from); break;
        case PONG: read_fixed(from, 8); break;
        case HELLO: on_hello(of, from); break;
        case OPEN: on_open(of, from); break;
        case WINDOW: on_window(of, from); break;
        case BLOCKED: read_v(from), read_v(from), read_v(from); break;
        case CLOSE: on_close(of, from); break;
        case END: printf("END with code %" PRIu64 "\n", read_v(from)); from->bad = true; break;
        default: from->bad = true; /* RESET and STOP: the node does not echo */
    }
}

bool session_take(struct session *of, int type, struct reader *block) {
    while (block->at < block->end && !block->bad) {
        unsigned frame = *block->at;
        take_frame(of, type, block);
        if (block->bad) {
            printf("frame 0x%02x in a stream of type %d is none that this client can take\n", frame, type);
        }
    }
    settle(of);
    return !block->bad;
}
