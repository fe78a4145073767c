package io.weir.samples.market;

/**
 * What the market says of a symbol at one moment.
 *
 * @param number of the quote, from 0, without gaps within a symbol
 * @param source whoever published it
 */
public record Quote(String symbol, long number, long cents, String source) {}
