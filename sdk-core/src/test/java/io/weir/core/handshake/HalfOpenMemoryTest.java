package io.weir.core.handshake;

import static io.weir.core.handshake.DatagramPair.SECOND;
import static io.weir.core.handshake.DatagramPair.address;
import static io.weir.core.handshake.HandshakePair.NETWORK;
import static io.weir.core.handshake.HandshakePair.bob;
import static io.weir.core.handshake.HandshakePair.seeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.DropCounts;
import io.weir.core.datagram.ReceiverIndexes;
import io.weir.core.memory.UsedHeap;
import io.weir.core.path.PathAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a flood of first messages costs a node in memory: so much for each that is half-open, and nothing beyond the bound. */
@Tag("long")
final class HalfOpenMemoryTest {
    private static final int MOST = 1_024;

    /** For one half-open handshake, with its place in each table. Measured: 1,966 on JDK 17. */
    private static final long MOST_BYTES = 3_072;

    private final Random random = new Random(3);
    private final ReceiverIndexes<Object> indexes = new ReceiverIndexes<>(seeded(7), 100_000);
    private final DropCounts drops = new DropCounts();

    @Test
    void aHalfOpenHandshakeHoldsLittle() {
        List<DatagramResponder> responders = new ArrayList<>();
        responders.add(responder(bob()));
        responders.add(responder(closed()));
        fillAll(responders, 0); // classes, tables and caches that are there only once
        responders.forEach(one -> one.expire(10 * SECOND));
        long before = UsedHeap.bytes();

        fillAll(responders, 10 * SECOND);

        long held = UsedHeap.bytes() - before;
        assertThat(responders).allMatch(one -> one.halfOpen() == MOST);
        assertThat(held / (2 * MOST)).as("bytes for each half-open handshake").isBetween(500L, MOST_BYTES);
        responders.forEach(one -> one.expire(20 * SECOND));
        assertThat(indexes.size()).isZero();
        assertThat(UsedHeap.bytes() - before)
                .as("bytes left when all of them have waited too long")
                .isLessThan(held / 8);
    }

    @Test
    void aFloodAboveTheBoundHoldsNothing() {
        DatagramResponder responder = responder(bob());
        fill(responder, bob(), 0);
        long before = UsedHeap.bytes();

        for (int i = 0; i < 100_000; i++) {
            byte[] key = new byte[32];
            random.nextBytes(key);
            byte[] init = Init.encode(Init.prologue((byte) 0, 1 + i), new byte[0], key);
            assertThat(answer(responder, init, address(66, i >> 16, i >> 8, i, 9), SECOND)[0])
                    .isEqualTo(DatagramType.RETRY.number());
        }

        assertThat(responder.halfOpen()).isEqualTo(MOST);
        assertThat(UsedHeap.bytes() - before)
                .as("bytes for 100,000 first messages")
                .isLessThan(MOST_BYTES * 16);
    }

    private DatagramResponder responder(HandshakeConfig config) {
        return new DatagramResponder(
                config, new ResponderLimits(MOST, 64, MOST, 500, 10 * SECOND), indexes, seeded(6), drops);
    }

    private static HandshakeConfig closed() {
        return bob().withNetworkKey(NETWORK);
    }

    private void fillAll(List<DatagramResponder> responders, long nowNanos) {
        fill(responders.get(0), bob(), nowNanos);
        fill(responders.get(1), closed(), nowNanos);
    }

    /** As many half-open as may be, each of another true address. */
    private void fill(DatagramResponder responder, HandshakeConfig config, long nowNanos) {
        for (int i = 0; i < MOST; i++) {
            PathAddress from = address(7, 7, i >> 8, i, 99);
            byte[] prologue = Init.prologue(Preamble.suiteBits(config.suite(), config.networkKey() != null), 1 + i);
            byte[] message = KeyExchange.begin(Role.INITIATOR, config, config.suite(), prologue, random::nextBytes)
                    .writeFirst();
            byte[] answer = answer(responder, Init.encode(prologue, new byte[0], message), from, nowNanos);
            if (answer[0] == DatagramType.RETRY.number()) {
                byte[] cookie = HandshakeDatagrams.cookie(answer, answer.length);
                answer(responder, Init.encode(prologue, cookie, message), from, nowNanos);
            }
        }
    }

    private static byte[] answer(DatagramResponder responder, byte[] init, PathAddress from, long nowNanos) {
        return Objects.requireNonNull(responder.onInit(init, init.length, from, nowNanos), "no answer");
    }
}
