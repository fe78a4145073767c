/* Reading and writing of what docs-site/protocol.md lays down: numbers, text, frames. */
#ifndef WEIR_FRAMES_H
#define WEIR_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STREAM_CONTROL = 0, STREAM_HALF = 1, STREAM_END = 3 };

enum {
    PADDING = 0x00, PING = 0x01, PONG = 0x02, HEARTBEAT = 0x03, HELLO = 0x04, OPEN = 0x05, WINDOW = 0x06, BLOCKED = 0x07,
    CLOSE = 0x08, RESET = 0x09, STOP = 0x0A, GOAWAY = 0x0D, END = 0x0E,
    DATA = 0x20, FIRST = 1, LAST = 2, OFFSET = 4, SEQ = 8, IGNORABLE = 0x40
};

/* Of OPEN. */
enum { RELIABLE = 1, WITH_WINDOW = 2, ANSWER = 8 };

/* Bytes to come. Whoever reads beyond the end gets zeros, and bad is true from then on. */
struct reader {
    const uint8_t *at, *end;
    bool bad;
};

uint64_t read_fixed(struct reader *from, int bytes);
uint64_t read_v(struct reader *from);
/* A length and as many bytes, which stay where they are. */
const uint8_t *read_bytes(struct reader *from, size_t *length);
void skip_headers(struct reader *from);

/* What one QUIC stream is to carry. Nothing of it moves or goes, as QUIC may have to send it again. */
struct lane {
    int64_t id; /* -1: not open */
    uint8_t bytes[4096];
    size_t length, sent, block;
    bool ended, end_sent;
};

void put_fixed(struct lane *to, uint64_t value, int bytes);
void put_v(struct lane *to, uint64_t value);
void put_bytes(struct lane *to, const void *bytes, size_t length);
/* A block is its length, u16, and whole frames. */
void begin_block(struct lane *to);
void end_block(struct lane *to);

#endif
