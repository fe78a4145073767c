package io.weir.reactive.operator;

/**
 * What the sending side tells when its subscriber wants elements and credit is what is missing. It is told once for
 * each limit, and lets the receiver answer at once instead of at its next quarter window, or widen its window.
 *
 * @param limit the limit that is in the way
 * @param sent cost of all elements sent so far
 * @param cost cost of the element that waits, or the cost of an empty one if none has been asked for yet
 */
public record Blocked(long limit, long sent, long cost) {}
