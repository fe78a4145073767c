package io.weir.reactive.transport;

/**
 * What the way to a peer is like.
 *
 * @param roundTripNanos the round trip as far as the carrier knows it; 0 if it does not
 * @param recordBytes most bytes of frames that go out as one: an element that is larger goes in fragments
 */
public record Path(long roundTripNanos, int recordBytes) {

    public Path {
        if (roundTripNanos < 0) {
            throw new IllegalArgumentException("roundTripNanos is " + roundTripNanos + "; legal: 0 and above");
        }
        if (recordBytes < 1) {
            throw new IllegalArgumentException("recordBytes is " + recordBytes + "; legal: 1 and above");
        }
    }
}
