package io.weir.test.proxy;

import org.jspecify.annotations.Nullable;

/**
 * What chance has decided for one packet.
 *
 * @param number of the packet in its direction, from 1 on
 * @param lost why it is lost, or null
 * @param damaged one bit of it is flipped
 * @param undetected one bit of it is flipped and its checksum does not tell
 * @param bit which, as a part of all its bits; from 0 to below 1
 * @param jitter as a part of the profile's; from 0 to below 1
 * @param duplicated it arrives twice
 * @param heldBack for how long it is overtaken, as a part of the most; 0 if it is not
 * @param heldBackAgain the same for its duplicate
 */
record Fate(
        long number,
        @Nullable String lost,
        boolean damaged,
        boolean undetected,
        double bit,
        double jitter,
        boolean duplicated,
        double heldBack,
        double heldBackAgain) {

    /** Which of so many bits is flipped. */
    int bitOf(int bits) {
        return (int) (bit * bits);
    }

    @Override
    public String toString() {
        return number
                + (lost != null
                        ? " lost: " + lost
                        : damaged || undetected ? " damaged at " + bit + (undetected ? " undetected" : "") : " passes")
                + (duplicated ? " twice" : "")
                + (heldBack > 0 ? " held back " + heldBack : "");
    }
}
