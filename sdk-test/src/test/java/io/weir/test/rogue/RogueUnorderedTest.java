package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.Drop;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.StreamFrame.Data;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames that come in an order of the peer's choice, contradict each other, or are of streams that it never opens. */
class RogueUnorderedTest {

    private final Random random = new Random(20_261_130);

    @Test
    void takesEachPacketOnceHoweverOftenAndInWhateverOrder() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            List<byte[]> packets = new ArrayList<>();
            packets.add(rogue.sealed(plaintext(RogueFrames.open(3, "echo"))));
            for (int i = 0; i < 100; i++) {
                packets.add(rogue.sealed(plaintext(RogueFrames.dataAt(3, 20L * i, 4))));
            }
            for (int copy = 0; copy < 5; copy++) {
                Collections.shuffle(packets, random);
                packets.forEach(rogue::send);
            }
            assertThat(victim.dropped(Drop.REPLAYED)).isEqualTo(4L * packets.size());
            assertThat(bytesHeard(victim, rogue)).isEqualTo(400);
        }
    }

    /** Of all elements that it sends back; they are acknowledged. */
    private static long bytesHeard(DatagramVictim victim, RogueDatagramPeer rogue) {
        long bytes = 0;
        for (int i = 0; i < 20; i++) {
            victim.soon();
            for (Frame frame : rogue.heard()) {
                bytes += frame instanceof Data data ? data.payload().length() : 0;
            }
            rogue.send(rogue.feedback());
        }
        return bytes;
    }

    @Test
    void servesItsPeersWhileATenthOfTheirPacketsIsCorrupted() {
        try (DatagramVictim victim = DatagramVictim.start()) {
            victim.corruptFriend(0.1);
            for (int i = 0; i < 200; i++) {
                victim.say();
                victim.advance(Duration.ofMillis(10));
            }
            victim.advance(Duration.ofSeconds(5));
            victim.assertHeardAll();
            assertThat(victim.dropped()).isGreaterThan(10);
            victim.corruptFriend(0);
        }
    }

    @Test
    void endsASessionOnDataWithoutItsPlace() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"), RogueFrames.data(3, 10));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void endsAStreamWhoseDataContradictsItself() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"), RogueFrames.open(4, "echo"));
            rogue.send(RogueFrames.dataAt(3, 100, 50));
            rogue.send(RogueFrames.fragmentAt(3, 100, 80, 30));
            victim.soon();
            StreamFrame.Stop stop = rogue.await(StreamFrame.Stop.class);
            assertThat(stop.handle()).isEqualTo(3);
            assertThat(stop.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION.number());
            rogue.send(RogueFrames.dataAt(4, 0, 7));
            victim.soon();
            assertThat(rogue.await(Data.class).payload().length()).isEqualTo(7);
        }
    }

    @Test
    void holdsNoMoreForStreamsNeverOpenedThanIsReservedForThem() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            long reserved = victim.node.reservedBytes();
            long limit = rogue.hello().openLimit();
            for (long handle = 3; handle < limit; handle++) {
                rogue.send(RogueFrames.dataAt(handle, 65_000, 500));
                rogue.send(new StreamFrame.Reset(handle, 0), new CreditFrame.Blocked(handle, 65_536, 65_536));
            }
            victim.assertAlive(rogue);
            assertThat(victim.node.reservedBytes()).isEqualTo(reserved);
            rogue.send(RogueFrames.dataAt(3, 65_500, 21));
            victim.assertEnded(rogue, ErrorCode.FLOW_CONTROL);
        }
    }

    @Test
    void endsASessionOnDataOfAStreamThatThePeerMayNotOpen() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.dataAt(rogue.hello().openLimit(), 0, 1));
            victim.assertEnded(rogue, ErrorCode.STREAM_LIMIT);
        }
    }

    @Test
    void endsASessionWhosePeerOpensWithoutEnd() {
        try (DatagramVictim victim = DatagramVictim.start();
                RogueDatagramPeer rogue = victim.rogue().session()) {
            long limit = rogue.hello().openLimit();
            long handle = 3;
            while (handle < limit) {
                rogue.send(RogueFrames.open(handle++, "stall"));
                victim.soon();
                for (Frame frame : rogue.heard()) {
                    if (frame instanceof CreditFrame.Window window && window.handle() == 0) {
                        limit = window.limit();
                    }
                }
                rogue.send(rogue.feedback());
            }
            assertThat(limit).isLessThanOrEqualTo(3 + 256);
            victim.assertAlive(rogue);
            rogue.send(RogueFrames.open(handle, "stall"));
            victim.assertEnded(rogue, ErrorCode.STREAM_LIMIT);
        }
    }

    @Test
    void endsASessionOnFragmentsOfAMessageThatContradictEachOther() {
        List<Frame[]> lies = List.of(
                new Frame[] {request(1, 3, 0, 100), request(1, 4, 1, 100)},
                new Frame[] {request(1, 3, 0, 100), request(1, 3, 1, 101)},
                new Frame[] {request(1, 3, 0, 100), request(1, 1, 0, 100)},
                new Frame[] {request(1, 3, 1, 63)});
        try (DatagramVictim victim = DatagramVictim.start()) {
            for (Frame[] lie : lies) {
                try (RogueDatagramPeer rogue = victim.rogue().session()) {
                    rogue.send(lie);
                    victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
                }
            }
        }
    }

    private static Frame request(long id, int parts, int part, int length) {
        return RogueFrames.message(MessageType.REQUEST, id, parts, part, length);
    }
}
