package io.weir.samples.market;

/**
 * The answer of one publisher.
 *
 * @param source whoever gave it
 * @param requestId what its handler was told of the browser's request
 */
public record Price(String symbol, long cents, String source, String requestId) {}
