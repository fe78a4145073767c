package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static io.weir.test.rogue.Victim.LINGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Peers that vanish, fall silent in the middle of something, or go on after they said that they would not. */
class RogueSilenceTest {

    @Test
    void losesAPeerThatVanishesWithoutFin() {
        NodeLimits limits = NodeLimits.defaults().withSilenceLimit(Duration.ofSeconds(5));
        try (Victim victim = Victim.start(limits)) {
            PeerNode vanishing = victim.other(Identity.generate(), "vanishing");
            victim.connected(vanishing, Victim.FOR_ROGUES);
            victim.advance(Duration.ofSeconds(60));
            victim.network.partition(Set.of(Victim.HOST), Set.of("vanishing"));
            victim.advance(Duration.ofSeconds(3));
            assertThat(victim.log.soFar(PeerEvent.ConnectionLost.class)).isEmpty();
            victim.advance(Duration.ofMillis(2_010));
            PeerEvent.ConnectionLost lost =
                    victim.log.soFar(PeerEvent.ConnectionLost.class).get(0);
            assertThat(lost.peer()).isEqualTo(vanishing.id());
            assertThat(lost.reason()).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
            assertThat(lost.silence()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_010));
        }
    }

    @Test
    void losesAPeerWhoseConnectionIsReset() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.abort();
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    @Test
    void losesAPeerThatEndsItsOutputWithoutEnd() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.fin();
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.LINK_LOST));
        }
    }

    @Test
    void losesAPeerThatSendsHalfARecord() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.writeHalf(rogue.sealed(plaintext(RogueFrames.open(3, "echo"), RogueFrames.data(3, 1_000))));
            victim.advance(Duration.ofSeconds(16));
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
        }
    }

    @Test
    void losesAPeerThatSendsHalfALengthField() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.write(new byte[] {1});
            victim.advance(Duration.ofSeconds(16));
            assertThat(victim.log.lost(rogue.id())).isEqualTo(CloseReason.local(ErrorCode.SILENCE));
        }
    }

    @Test
    void endsASessionOnHalfAFrameInAWholeRecord() {
        byte[] frame = plaintext(RogueFrames.data(3, 100));
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"));
            rogue.sendPlaintext(Arrays.copyOf(frame, frame.length / 2));
            victim.assertEnded(rogue, ErrorCode.MALFORMED_FRAME);
        }
    }

    /** An element in fragments whose rest never comes holds its stream, and nothing else. */
    @Test
    void goesOnWithTheOtherStreamsOfAPeerThatNeverFinishesAnElement() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "sink"), RogueFrames.fragment(3, 60_000, 100), RogueFrames.open(4, "echo"));
            long reserved = victim.node.reservedBytes();
            for (int second = 0; second < 60; second++) {
                rogue.send(new SessionFrame.Heartbeat());
                victim.advance(Duration.ofSeconds(1));
            }
            assertThat(victim.node.reservedBytes()).isEqualTo(reserved);
            victim.assertServes(rogue, 4);
        }
    }

    @Test
    void goesOnWithTheStreamsOfAPeerThatSaysGoawayAndOpensMore() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "echo"), new SessionFrame.Goaway(0, 0, 60_000, 0));
            for (long handle = 4; handle < 54; handle++) {
                rogue.send(RogueFrames.open(handle, "echo"));
                victim.assertServes(rogue, handle);
            }
            victim.assertServes(rogue, 3);
            rogue.send(new SessionFrame.End(0));
            victim.advance(LINGER);
            assertThat(victim.log.closed(rogue.id())).isEqualTo(CloseReason.remote(ErrorCode.NONE));
        }
    }
}
