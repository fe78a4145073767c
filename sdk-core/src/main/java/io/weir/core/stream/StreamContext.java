package io.weir.core.stream;

/**
 * Where a stream lives: what it sees of its session, and where it says what has become of it.
 *
 * @param session limits, memory, host and time
 * @param lane where its halves queue to write
 * @param epochs where it is found by its id
 * @param handles where its halves are found by their handles
 * @param unclaimed where it waits if the peer has opened it
 */
record StreamContext(SessionView session, ControlLane lane, EpochBook epochs, HandleBook handles, Unclaimed unclaimed) {

    /** A new epoch, which counts from now on; its owner adds it to the {@link #epochs}, or ends it. */
    StreamEpoch begin(Opening opening, long number) {
        StreamEpoch epoch = new StreamEpoch(this, opening, number);
        epochs.onBegun(epoch);
        return epoch;
    }
}
