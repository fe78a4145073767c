package io.weir.test.proxy;

/**
 * What has become of the datagrams of one direction so far: {@code came + duplicated = delivered + lost() + underWay}.
 *
 * @param came from the one side
 * @param delivered to the socket of the other
 * @param lostByChance by the profile's loss and bursts
 * @param tooLarge for the profile's MTU
 * @param queueFull where there was no room before the bottleneck
 * @param swallowed by a partition or a black hole
 * @param overflowed for a bound of the proxy itself: clients, datagrams and bytes under way, what a socket takes
 * @param damaged in one bit; they are delivered
 * @param duplicated copies that were added
 * @param heldBack so that later ones may overtake them
 * @param underWay not there yet
 */
public record DatagramCounts(
        long came,
        long delivered,
        long lostByChance,
        long tooLarge,
        long queueFull,
        long swallowed,
        long overflowed,
        long damaged,
        long duplicated,
        long heldBack,
        int underWay) {

    /** All that will not be delivered. */
    public long lost() {
        return lostByChance + tooLarge + queueFull + swallowed + overflowed;
    }
}
