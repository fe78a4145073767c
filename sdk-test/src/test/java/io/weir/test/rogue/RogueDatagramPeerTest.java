package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.plaintext;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.datagram.DatagramType;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Hello;
import io.weir.core.wire.LinkFrame.Feedback;
import io.weir.core.wire.PacketRange;
import io.weir.core.wire.SessionFrame;
import io.weir.core.wire.SessionFrame.Ping;
import io.weir.test.network.SimulatedNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rogue peer of datagrams itself, against another of its kind. */
class RogueDatagramPeerTest {

    private final SimulatedNetwork network = SimulatedNetwork.seeded(7);
    private final RogueDatagramPeer dialled = RogueDatagramPeer.bound(network, "dialled", 4_000);
    private final RogueDatagramPeer dialling =
            RogueDatagramPeer.bound(network, "dialling", 4_001).to("dialled", 4_000);

    private void meet() {
        dialling.send(dialling.init());
        dialled.send(dialled.reply());
        dialling.send(dialling.reply());
        dialled.handshake();
    }

    @Test
    void meetsAnotherStepByStep() {
        meet();

        dialling.send(Hello.defaults());
        dialled.send(new Ping(5));

        assertThat(dialled.await(Hello.class)).isEqualTo(Hello.defaults());
        assertThat(dialling.await(Ping.class).token()).isEqualTo(5);
        assertThat(dialling.nodeIndex()).isEqualTo(dialled.ownIndex());
        assertThat(dialled.nodeIndex()).isEqualTo(dialling.ownIndex());
    }

    @Test
    void goesThroughARetryAsAnHonestPeerDoes() {
        byte[] init = dialling.init();
        for (int i = 0; i < 64; i++) {
            dialling.send(dialling.init());
            dialled.reply();
        }
        dialling.send(init);
        assertThat(RogueDatagrams.type(dialled.reply())).isEqualTo(DatagramType.RETRY.number());

        dialling.send(dialling.init());
        dialled.send(dialled.reply());
        byte[] again = dialling.reply();
        dialling.send(again);
        assertThat(again[8]).as("cookie length").isEqualTo((byte) 24);
        dialled.send(dialled.reply());
        dialling.send(dialling.reply());

        dialled.handshake().send(new SessionFrame.Heartbeat());
        assertThat(dialling.heard()).containsExactly(new SessionFrame.Heartbeat());
    }

    @Test
    void sendsPacketsInAnyOrderAndTellsWhatHasCome() {
        meet();
        byte[] first = dialling.sealed(plaintext(new Ping(1)));
        byte[] fifth = dialling.sealedAs(5, plaintext(new Ping(5)));
        assertThat(dialling.nextNumber()).isEqualTo(6);

        dialling.send(fifth);
        dialling.send(first);
        dialling.send(first);

        assertThat(dialled.heard()).containsExactly(new Ping(5), new Ping(1));
        assertThat(dialled.feedback().ranges()).containsExactly(new PacketRange(5, 5), new PacketRange(0, 0));
        dialled.send(dialled.feedback());
        assertThat(dialling.await(Feedback.class).largest()).isEqualTo(5);
        assertThat(dialled.highestHeard()).isEqualTo(5);
    }

    @Test
    void countsWhatGoesToAndFroAndHandsOutWhatItDoesNotOpen() {
        meet();
        long before = dialled.bytesHeard();
        byte[] garbage = RogueDatagrams.packet(dialled.ownIndex(), 9, new byte[20]);

        dialling.send(garbage);
        dialling.send(RogueDatagrams.reject(1, ErrorCode.TOO_MANY_HANDSHAKES));

        assertThat(dialled.bytesHeard() - before).isEqualTo(33 + 9);
        assertThat(dialled.packets()).containsExactly(garbage);
        assertThat(dialled.answer(DatagramType.REJECT)).hasSize(9);
        assertThat(dialled.packets()).isEmpty();
        dialling.send(garbage);
        assertThat(dialled.next()).isNull();
    }

    @Test
    void keepsAsMuchAsASocketBufferOfWhatItDoesNotRead() {
        for (int i = 0; i < 2_000; i++) {
            dialling.send(new byte[] {8});
            dialling.send(new byte[] {7});
        }

        assertThat(dialled.packets()).hasSize(1_024);
        assertThat(dialled.answers()).hasSize(1_024);
        assertThat(dialled.bytesHeard()).isEqualTo(4_000);
    }

    @Test
    void saysWhatCannotBeHad() {
        dialling.send(dialling.init());
        assertThatThrownBy(dialling::reply).isInstanceOf(AssertionError.class);
        assertThatThrownBy(dialling::handshake).isInstanceOf(AssertionError.class);
        assertThatThrownBy(dialling::nextNumber).hasMessage("no handshake yet");
    }

    @Test
    void doesTheSameForTheSameSeed() {
        assertThat(traceOf(7)).isEqualTo(traceOf(7)).isNotEqualTo(traceOf(8));
    }

    private static String traceOf(long seed) {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(seed);
                RogueDatagramPeer rogue =
                        RogueDatagramPeer.bound(network, "rogue", 9).to("nobody", 9)) {
            rogue.send(rogue.init());
            return network.trace().text();
        }
    }

    @Test
    void aRelayPassesOnAndAltersAndAddsItsOwn() {
        try (RogueRelay relay = RogueRelay.bound(network, "relay", 4_100).to("dialled", 4_000)) {
            dialling.to("relay", 4_100);
            meet();
            relay.onForward(datagram -> List.of(datagram, RogueDatagrams.flipped(datagram, 8 * 20)));
            relay.onBack(datagram -> List.of());

            dialling.send(new Ping(1));
            dialled.send(new Ping(2));

            assertThat(dialled.packets()).hasSize(2);
            assertThat(dialling.heard()).isEmpty();
            assertThat(relay.seenForward()).hasSize(3);
            relay.sendBack(relay.seenBack().get(1));
            relay.sendForward(relay.seenForward().get(2));
            assertThat(dialling.heard()).containsExactly(new Ping(2));
            assertThat(dialled.heard()).containsExactly(new Ping(1));
        }
    }
}
