#include "frames.h"

#include <stdlib.h>
#include <string.h>

uint64_t read_fixed(struct reader *from, int bytes) {
    uint64_t value = 0;
    if (from->end - from->at < bytes) {
        from->bad = true;
        return 0;
    }
    for (int i = 0; i < bytes; i++) {
        value = value << 8 | *from->at++;
    }
    return value;
}

/* RFC 9000 section 16: the upper two bits of the first byte are the logarithm of the length. */
uint64_t read_v(struct reader *from) {
    int bytes = from->at < from->end ? 1 << (*from->at >> 6) : 1;
    return read_fixed(from, bytes) & ~(UINT64_C(3) << (8 * bytes - 2));
}

const uint8_t *read_bytes(struct reader *from, size_t *length) {
    uint64_t told = read_v(from);
    const uint8_t *bytes = from->at;
    if (told > (uint64_t) (from->end - from->at)) {
        from->bad = true;
        told = 0;
    }
    from->at += told;
    *length = told;
    return bytes;
}

void skip_headers(struct reader *from) {
    size_t length;
    for (uint64_t left = read_v(from); left > 0 && !from->bad; left--) {
        read_bytes(from, &length); /* name */
        read_bytes(from, &length); /* value */
    }
}

void put_fixed(struct lane *to, uint64_t value, int bytes) {
    if (to->length + bytes > sizeof to->bytes) {
        abort();
    }
    while (bytes-- > 0) {
        to->bytes[to->length++] = (uint8_t) (value >> 8 * bytes);
    }
}

void put_v(struct lane *to, uint64_t value) {
    int log = value < 1 << 6 ? 0 : value < 1 << 14 ? 1 : value < 1 << 30 ? 2 : 3;
    put_fixed(to, value | (uint64_t) log << (8 * (1 << log) - 2), 1 << log);
}

void put_bytes(struct lane *to, const void *bytes, size_t length) {
    put_v(to, length);
    if (length > sizeof to->bytes - to->length) {
        abort();
    }
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

void begin_block(struct lane *to) {
    to->block = to->length;
    put_fixed(to, 0, 2);
}

void end_block(struct lane *to) {
    size_t length = to->length;
    to->length = to->block;
    put_fixed(to, length - to->block - 2, 2);
    to->length = length;
}
