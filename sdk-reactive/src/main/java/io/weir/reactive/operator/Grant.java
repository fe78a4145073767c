package io.weir.reactive.operator;

/**
 * Credit that the receiving side gives: absolute, so that a grant that is lost, repeated or overtaken does no harm.
 * The unit is an element's cost, 16 + its size in bytes (PROTOCOL section 4).
 *
 * @param consumed cost of all elements that the receiver's subscriber has taken so far
 * @param limit cost that all elements together may reach; below 2^62
 */
public record Grant(long consumed, long limit) {

    /** What two grants say together: the higher of each number, since neither ever falls. */
    Grant merge(Grant other) {
        return new Grant(Math.max(consumed, other.consumed), Math.max(limit, other.limit));
    }
}
