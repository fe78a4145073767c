package io.weir.test.network;

import java.nio.ByteBuffer;
import java.util.function.LongPredicate;

/** A test's own fault in one direction: decides the fate of datagram after datagram that leaves its host, before chance does. */
@FunctionalInterface
public interface DatagramRule {

    /**
     * What becomes of a datagram.
     *
     * @param number of the datagram in this direction since the rule was set, 0 first
     * @param payload read-only; valid until this returns
     */
    DatagramFate judge(long number, ByteBuffer payload);

    /** Loses those whose numbers it names: {@code losing(n -> n % 2 == 1)} every second one. */
    static DatagramRule losing(LongPredicate numbers) {
        return (number, payload) -> numbers.test(number) ? DatagramFate.LOST : DatagramFate.PASSES;
    }
}
