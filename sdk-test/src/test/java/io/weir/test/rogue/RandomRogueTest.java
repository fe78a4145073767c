package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.PeerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Peers that say at random what is nearly right, over datagrams: no word of theirs may find a fault of the node's own. */
class RandomRogueTest {

    private static final int ROGUES = 200;
    private static final int PACKETS = 60;
    private static final String[] SERVED = {"echo", "sink", "stall", "source", "nobody"};
    private static final int[] LENGTHS = {0, 1, 3, 17, 200, 900};

    @Test
    void findsNoFaultOfTheNodesOwn() {
        List<Throwable> dropped = new ArrayList<>();
        try (DatagramVictim victim = DatagramVictim.start()) {
            victim.node
                    .events()
                    .ofType(PeerEvent.ConnectionClosed.class)
                    .filter(closed -> closed.reason().error() == ErrorCode.INTERNAL)
                    .subscribe(closed -> dropped.add(new AssertionError(closed.toString())));
            for (int seed = 0; seed < ROGUES; seed++) {
                try (RogueDatagramPeer rogue = victim.rogue().session()) {
                    new Talk(rogue, new Random(seed), 10 << 2 * (seed % 4)).run(victim);
                    assertThat(dropped).as("seed %d", seed).isEmpty();
                }
                if (seed % 20 == 19) {
                    victim.advance(Duration.ofSeconds(20));
                    victim.assertGoesOn();
                    assertThat(victim.sessions()).as("after seed %d", seed).isOne();
                }
            }
            assertThat(victim.log.soFar(PeerEvent.ConnectionClosed.class))
                    .as("sessions that were ended for what their peers said")
                    .hasSizeGreaterThan(ROGUES / 4);
            assertThat(victim.log.soFar(PeerEvent.ConnectionLost.class))
                    .as("sessions whose peers said nothing wrong; the others: %s", reasons(victim))
                    .hasSizeGreaterThan(ROGUES / 20);
        }
    }

    private static Map<String, Long> reasons(DatagramVictim victim) {
        return victim.log.soFar(PeerEvent.ConnectionClosed.class).stream()
                .map(closed -> closed.reason() + " " + closed.reason().detail())
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
    }

    /** What one of them says. Most frames are right for a session in which nothing is lost. */
    private static final class Talk {
        private final RogueDatagramPeer rogue;
        private final Random random;
        private final int oneWrongIn;
        private final long[] offsets = new long[16];
        private final List<byte[]> packets = new ArrayList<>();
        private long opened = 2;
        private long requests;

        /** @param oneWrongIn of so many frames one is wrong */
        Talk(RogueDatagramPeer rogue, Random random, int oneWrongIn) {
            this.rogue = rogue;
            this.random = random;
            this.oneWrongIn = oneWrongIn;
        }

        void run(DatagramVictim victim) {
            for (int i = 0; i < PACKETS; i++) {
                Frame[] frames = new Frame[1 + random.nextInt(3)];
                for (int f = 0; f < frames.length; f++) {
                    frames[f] = random.nextInt(oneWrongIn) == 0 ? wrong() : right();
                }
                packets.add(rogue.sealed(RogueFrames.plaintext(frames)));
                if (random.nextInt(4) > 0) {
                    rogue.send(packets.remove(random.nextInt(packets.size()))); // others come later, or never
                }
                if (random.nextInt(8) == 0) {
                    rogue.heard();
                    rogue.send(rogue.feedback());
                    victim.advance(Duration.ofMillis(random.nextInt(60)));
                }
            }
        }

        private Frame right() {
            long handle = 3 + random.nextInt((int) Math.max(1, opened - 2));
            return switch (random.nextInt(10)) {
                case 0, 1 -> open();
                case 2, 3, 4, 5 -> data(handle);
                case 6 -> new SessionFrame.Ping(random.nextLong());
                case 7 -> new CreditFrame.Window(1 + random.nextInt(2), 0, 1 << 20);
                case 8 -> RogueFrames.message(MessageType.REQUEST, ++requests, LENGTHS[random.nextInt(6)]);
                default -> new CreditFrame.Blocked(handle, 65_536, Math.min(65_536, offset(handle)));
            };
        }

        private Frame open() {
            if (opened >= 4) {
                return new SessionFrame.Heartbeat(); // as many as HELLO allows
            }
            opened++;
            return new StreamFrame.Open(
                    opened,
                    opened,
                    1,
                    random.nextInt(3) > 0,
                    StreamFrame.Open.NO_WINDOW,
                    false,
                    false,
                    SERVED[random.nextInt(SERVED.length)],
                    Headers.empty());
        }

        private Frame data(long handle) {
            int length = LENGTHS[random.nextInt(LENGTHS.length)];
            long at = offset(handle);
            offsets[(int) handle] += 16 + length;
            return new StreamFrame.Data(
                    handle, true, true, at, random.nextBoolean() ? -1 : at / 16, -1, Bytes.copyOf(new byte[length]));
        }

        private long offset(long handle) {
            return offsets[(int) handle];
        }

        private Frame wrong() {
            long handle = 3 + random.nextInt(6);
            long number = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(40);
                case 1 -> random.nextInt(70_000);
                case 2 -> VarInt.MAX - random.nextInt(3);
                default -> offset(handle);
            };
            return switch (random.nextInt(14)) {
                case 0 -> new StreamFrame.Close(handle, number, number / 16, random.nextInt(3));
                case 1 -> new StreamFrame.Reset(handle, random.nextInt(40));
                case 2 -> new StreamFrame.Stop(handle, random.nextBoolean(), random.nextInt(40));
                case 3 -> new CreditFrame.Window(random.nextInt(6), number, number);
                case 4 -> new CreditFrame.Blocked(handle, number, random.nextBoolean() ? number : 0);
                case 5 -> RogueFrames.fragmentAt(handle, Math.min(number, 65_000), 1_000, 30);
                case 6 -> RogueFrames.furtherAt(handle, Math.min(number, 65_000), 30, random.nextBoolean());
                case 7 -> RogueFrames.dataAt(handle, Math.min(number, 65_000), 5);
                case 8 -> RogueFrames.message(type(), number, 1 + random.nextInt(200));
                case 9 -> RogueFrames.message(type(), 1 + random.nextInt(9), 3, random.nextInt(3), 64);
                case 10 -> new SessionFrame.Goaway(random.nextInt(4), random.nextInt(4), random.nextInt(9_000), 0);
                case 11 ->
                    new StreamFrame.Open(
                            handle,
                            random.nextInt(3),
                            random.nextInt(3),
                            true,
                            -1,
                            true,
                            random.nextBoolean(),
                            "",
                            Headers.empty());
                case 12 -> new SessionFrame.Pong(number);
                default -> RogueFrames.feedback(0, random.nextInt(3));
            };
        }

        private MessageType type() {
            return MessageType.values()[random.nextInt(3)];
        }
    }
}
