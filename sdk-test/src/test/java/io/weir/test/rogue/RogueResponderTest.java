package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.DatagramType;
import io.weir.core.datagram.Drop;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.identity.Identity;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.SessionFrame;
import io.weir.reactive.PeerSession;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a node dials over datagrams, and who answers otherwise than a peer does. */
class RogueResponderTest {

    private static final int PORT = 4_001;
    private static final PeerAddress PLACE = PeerAddress.udp("place", PORT);

    private final DatagramVictim victim = DatagramVictim.start();
    private final RogueDatagramPeer rogue = RogueDatagramPeer.bound(victim.network, "place", PORT);
    private final List<PeerSession> sessions = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    private void dial(PeerAddress address) {
        victim.node.connect(address).subscribe(sessions::add, failures::add);
        victim.network.settle();
    }

    private CloseReason failure() {
        assertThat(sessions).isEmpty();
        assertThat(failures).singleElement().isInstanceOf(ConnectException.class);
        return ((ConnectException) failures.get(0)).reason();
    }

    @AfterEach
    void goesOn() {
        rogue.close();
        victim.advance(Duration.ofSeconds(20));
        victim.close();
    }

    @Test
    void hasASessionWithWhoeverProvesThatItIsSomebody() {
        dial(PLACE);
        rogue.session();
        victim.soon();
        assertThat(sessions)
                .singleElement()
                .satisfies(session -> assertThat(session.peer()).isEqualTo(rogue.id()));
        victim.assertAlive(rogue);
    }

    @Test
    void givesUpWhoAnswersOnceAndNeverAgain() {
        dial(PLACE);
        rogue.send(rogue.reply());
        victim.advance(Duration.ofSeconds(30));
        assertThat(failure().error()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
        assertThat(rogue.answers().size())
                .as("FINISH, and again, half as often each time")
                .isBetween(2, 10);
    }

    @Test
    void givesUpWhoProvesToBeAnother() {
        dial(PLACE.expecting(Identity.generate().peerId()));
        rogue.send(rogue.reply());
        victim.advance(Duration.ofMillis(900));
        assertThat(failures).as("a better answer may come").isEmpty();
        victim.advance(Duration.ofMillis(200));
        assertThat(failure().error()).isEqualTo(ErrorCode.IDENTITY_MISMATCH);
        assertThat(rogue.answers()).as("no FINISH tells it who the node is").isEmpty();
    }

    @Test
    void takesWhatAnybodyRefusesForUnproven() {
        dial(PLACE);
        byte[] init = rogue.answer(DatagramType.INIT);
        rogue.to(DatagramVictim.HOST, SimulatedNetwork.PORT);
        rogue.send(RogueDatagrams.reject(RogueDatagrams.senderIndex(init), ErrorCode.TOO_MANY_HANDSHAKES));
        victim.advance(Duration.ofSeconds(2));
        assertThat(failure().error()).isEqualTo(ErrorCode.TOO_MANY_HANDSHAKES);
        assertThat(failure().origin()).isEqualTo(Origin.UNPROVEN);
    }

    @Test
    void followsOneRetryHoweverManyCome() {
        dial(PLACE);
        byte[] init = rogue.answer(DatagramType.INIT);
        rogue.to(DatagramVictim.HOST, SimulatedNetwork.PORT);
        for (int i = 0; i < 1_000; i++) {
            rogue.send(RogueDatagrams.retry(RogueDatagrams.senderIndex(init), new byte[1 + i % 255]));
        }
        assertThat(rogue.answers()).hasSize(1);
        assertThat(victim.dropped(Drop.LATE)).isEqualTo(999);
        victim.advance(Duration.ofSeconds(30));
        assertThat(failure().error()).isEqualTo(ErrorCode.CONNECT_FAILED);
    }

    @Test
    void ignoresEveryAnswerBehindTheOneThatItHasTaken() {
        dial(PLACE);
        byte[] response = rogue.reply();
        rogue.send(response);
        for (int i = 0; i < 1_000; i++) {
            rogue.send(response);
            rogue.send(RogueDatagrams.reject(RogueDatagrams.receiverIndex(response), ErrorCode.VERSION_UNSUPPORTED));
        }
        assertThat(victim.dropped(Drop.LATE)).isEqualTo(2_000);
        rogue.session();
        victim.assertAlive(rogue);
    }

    @Test
    void givesUpWhoSaysEndInPlaceOfHello() {
        dial(PLACE);
        rogue.handshake().send(new SessionFrame.End(ErrorCode.NOT_ADMITTED.number()));
        victim.soon();
        assertThat(failure()).isEqualTo(CloseReason.remote(ErrorCode.NOT_ADMITTED));
    }
}
