package io.weir.reactive.operator;

/**
 * Positions that elements have overtaken, none of which has come.
 *
 * @param first the lowest of them
 * @param last the highest, at least {@code first}
 */
public record Gap(long first, long last) {

    public Gap {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("gap is " + first + " to " + last + ", must ascend from 0");
        }
    }

    /** How many positions there are. */
    public long length() {
        return last - first + 1;
    }
}
