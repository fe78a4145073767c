package io.weir.core.stream;

/**
 * How the peer has ended its half behind its last element, as its CLOSE says.
 *
 * @param finalOffset the offset behind the last element
 * @param elements how many there are
 * @param code 0 for completion, or that of an error
 */
record HalfEnd(long finalOffset, long elements, long code) {}
