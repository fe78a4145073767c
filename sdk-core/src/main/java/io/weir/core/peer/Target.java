package io.weir.core.peer;

/**
 * The local number of a peer, by which a node sends to it and names whence something came. It is never on the wire.
 *
 * @param number 0..65,535
 */
public record Target(int number) implements Comparable<Target> {

    /** How many there are. */
    public static final int COUNT = 65_536;

    public Target {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("number is " + number + ", must be 0..65535");
        }
    }

    /** The next number, 0 after the last. */
    public Target next() {
        return new Target((number + 1) % COUNT);
    }

    @Override
    public int compareTo(Target other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "target " + number;
    }
}
